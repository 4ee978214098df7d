/** What finds an instance's comment again on a pull request. Readers do not see it. */
export const planMarker = (instance: string): string => `<!-- odoo-steward:plan:${encodeURIComponent(instance)} -->`;
