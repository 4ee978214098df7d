/** Webhooks of code hosts: who sent one, what it hints at; and what is posted back. */
export type { ForgeKind } from './forge-kind.js';
export { forgeNames } from './forge-kind.js';
export type { DeliveryHeaders } from './headers.js';
export type { DeliveryRefusal, DeliveryRefusalReason } from './check-signature.js';
export { MAX_DELIVERY_BYTES, verifyDelivery } from './verify-delivery.js';
export type { Delivery, DeliveryEvent, DeliveryRequest, DeliveryVerdict } from './verify-delivery.js';
export { readHint } from './read-hint.js';
export type { Hint, HintedRepository } from './read-hint.js';
export { matches } from './match-hint.js';
export type { DefinitionsAddress } from './match-hint.js';
export { apiAddressOf } from './api-address.js';
export type { ApiAddress } from './api-address.js';
export { ForgeError } from './forge-error.js';
export type { ForgeErrorCode } from './forge-error.js';
export { planMarker } from './plan-marker.js';
export { cutLine, cutMarkdown } from './cut-markdown.js';
