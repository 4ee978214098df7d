import { readFileSync } from 'node:fs';
import { modelFields } from '../../../src/odoo/fields.js';
import { toFeatures, type Features } from '../../../src/odoo/gateway/features.js';

export const recordedVersions = ['14', '17', '18', '19'] as const;
export type RecordedVersion = (typeof recordedVersions)[number];

const recorded = (model: string, version: RecordedVersion) =>
  modelFields.parse(
    JSON.parse(
      readFileSync(new URL(`../../fixtures/odoo-replies/fields_get.${model}.${version}.json`, import.meta.url), 'utf8'),
    ),
  );

/** What a real Odoo of each version answered to `fields_get`, without further modules. */
export const featuresOf = (version: RecordedVersion): Features =>
  toFeatures(recorded('ir.actions.server', version), recorded('ir.cron', version));
