/** What is set: the only room that reads the environment. */
export { loadSettings } from './load-settings.js';
export { SettingsInvalid } from './settings.js';
export type {
  CredentialRole,
  CredentialSettings,
  DefinitionsSettings,
  InstanceSettings,
  RepositorySettings,
  ServiceSettings,
  Settings,
  SyncSettings,
} from './settings.js';
