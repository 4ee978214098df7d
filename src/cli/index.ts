/** The command line, as the composition root uses it. */
export { runCli, type CliOptions } from './run-cli.js';
export type { ServiceHandle, StoreHandle } from './deps.js';
export type { Io, Output } from './io.js';
export type { CredentialRole, InstanceCard, Session, Workspace } from './workspace.js';
