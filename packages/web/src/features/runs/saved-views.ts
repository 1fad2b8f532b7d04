import { runsSearch, type RunsSearch } from './runs-search.ts';

/** A view is an address, under a name. */
export interface SavedView {
  readonly name: string;
  readonly search: RunsSearch;
}

const keyOf = (project: string): string => `boucle.views.${project}`;

/** Whatever stands there was written by this page, by an older one, or by hand. */
export const readViews = (storage: Pick<Storage, 'getItem'>, project: string): SavedView[] => {
  try {
    const said: unknown = JSON.parse(storage.getItem(keyOf(project)) ?? '[]');
    if (!Array.isArray(said)) return [];
    return said.flatMap((view: { name?: unknown; search?: unknown } | null) =>
      typeof view?.name === 'string' && typeof view.search === 'object' && view.search !== null
        ? [{ name: view.name, search: runsSearch(view.search as Record<string, unknown>) }]
        : [],
    );
  } catch {
    // What cannot be read is no view; saving one writes it anew.
    return [];
  }
};
/** One of the same name is replaced. */
export const withView = (views: readonly SavedView[], view: SavedView): SavedView[] => [
  ...views.filter(({ name }) => name !== view.name),
  view,
];
export const writeViews = (storage: Pick<Storage, 'setItem'>, project: string, views: readonly SavedView[]): void =>
  storage.setItem(keyOf(project), JSON.stringify(views));
