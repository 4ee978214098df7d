import { createHash } from 'node:crypto';
import type { OdooVersion } from './paths.js';

/** How an install of one version is made. A change here makes it anew. */
interface InstallRecipe {
  /** Debian's suite that the install is based on. */
  readonly suite: string;
  /** Another suite to take what the first does not have, at a priority that upgrades nothing. */
  readonly extraSuite: string | null;
  readonly packages: readonly string[];
  readonly unpackOnly: readonly string[];
}

const addons = '/usr/lib/python3/dist-packages/odoo/addons';

// Translations, localisations, documentation: two thirds of the files and a good part of the time.
const unpackOnly = [
  ...['doc', 'man', 'info', 'locale', 'lintian'].map((name) => `path-exclude=/usr/share/${name}/*`),
  `path-exclude=${addons}/l10n_*`,
  `path-exclude=${addons}/*/i18n/*.po`,
  `path-exclude=${addons}/*/i18n_extra/*.po`,
];

export const installRecipes: Record<OdooVersion, InstallRecipe> = {
  '14': {
    suite: 'bullseye',
    extraSuite: null,
    packages: ['odoo-14'],
    // On 14 the generic chart of accounts is a localisation.
    unpackOnly: [...unpackOnly, `path-include=${addons}/l10n_generic_coa/*`],
  },
  '19': {
    suite: 'trixie', // on the extra suite's own, newer Python Odoo 19.0 does not start
    extraSuite: 'unstable',
    packages: ['odoo-19', 'tzdata-legacy'], // without the old names of time zones it stops on US ones
    unpackOnly,
  },
};

/** Raise it when the way installs or templates are made changes and the recipe's data does not. */
const recipeRevision = 1;

/** A short name for exactly this recipe. */
export function fingerprint(recipe: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([recipeRevision, recipe]))
    .digest('hex')
    .slice(0, 12);
}
