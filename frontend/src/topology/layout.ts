/** Names with what each depends on; dependencies that are no keys themselves are passed over. */
export type Graph = ReadonlyMap<string, readonly string[]>;

export interface Place {
  readonly x: number;
  readonly y: number;
}

export const NODE_WIDTH = 176;
export const NODE_HEIGHT = 40;
const GAP_X = 72;
const GAP_Y = 14;
/** A longer layer continues in a column beside itself; which length gives a picture shaped like a screen? */
const COLUMNS = [14, 18, 24, 32, 40];
const SCREEN_SHAPE = 1.3;
const SWEEPS = 4;

/** How many steps of dependency are below each: 0 stands on nothing. A loop is cut where it closes. */
function depths(graph: Graph): Map<string, number> {
  const known = new Map<string, number>();
  const open = new Set<string>();
  const depth = (name: string): number => {
    const found = known.get(name);
    if (found !== undefined) return found;
    open.add(name);
    const needs = (graph.get(name) ?? []).filter((need) => graph.has(need) && !open.has(need));
    const result = needs.reduce((most, need) => Math.max(most, depth(need) + 1), 0);
    open.delete(name);
    known.set(name, result);
    return result;
  };
  [...graph.keys()].sort().forEach(depth);
  return known;
}

/** Names by layer, those that nothing stands on first. */
function layersOf(names: readonly string[], graph: Graph): string[][] {
  const depth = depths(graph);
  const layers: string[][] = [];
  for (const name of names) (layers[depth.get(name) ?? 0] ??= []).push(name);
  return Array.from(layers, (layer) => layer.sort()).reverse();
}

function neighboursOf(graph: Graph): Map<string, string[]> {
  const neighbours = new Map<string, string[]>();
  const add = (from: string, to: string): void => void neighbours.set(from, [...(neighbours.get(from) ?? []), to]);
  for (const [name, needs] of graph) {
    for (const need of needs) {
      add(name, need);
      add(need, name);
    }
  }
  return neighbours;
}

/** Puts each name near the middle of what it is joined to, so that fewer lines cross. */
function untangle(layers: string[][], graph: Graph): string[][] {
  const neighbours = neighboursOf(graph);
  let ordered = layers;
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const height = new Map(ordered.flatMap((layer) => layer.map((name, index) => [name, index / layer.length])));
    const middle = (name: string): number => {
      const heights = (neighbours.get(name) ?? []).flatMap((each) => height.get(each) ?? []);
      return heights.length === 0
        ? (height.get(name) ?? 0)
        : heights.reduce((sum, each) => sum + each, 0) / heights.length;
    };
    ordered = ordered.map((layer) => [...layer].sort((left, right) => middle(left) - middle(right)));
  }
  return ordered;
}

/** Columns beside each other, each centred on the same line. */
function placeColumns(columns: readonly (readonly string[])[]): Map<string, Place> {
  const places = new Map<string, Place>();
  columns.forEach((column, index) => {
    const top = -(column.length * (NODE_HEIGHT + GAP_Y) - GAP_Y) / 2;
    column.forEach((name, row) =>
      places.set(name, { x: index * (NODE_WIDTH + GAP_X), y: top + row * (NODE_HEIGHT + GAP_Y) }),
    );
  });
  return places;
}

function inColumns(layer: readonly string[], longest: number): string[][] {
  const count = Math.ceil(layer.length / longest);
  const size = Math.ceil(layer.length / count);
  return Array.from({ length: count }, (_, index) => layer.slice(index * size, (index + 1) * size));
}

/** The length of columns that comes nearest to the shape of a screen; the shortest when all are alike. */
function bestLength(groups: readonly (readonly string[])[]): number {
  const misfit = (longest: number): number => {
    const columns = groups.flatMap((group) => inColumns(group, longest));
    const height = Math.max(...columns.map((column) => column.length)) * (NODE_HEIGHT + GAP_Y);
    return Math.abs(Math.log((columns.length * (NODE_WIDTH + GAP_X)) / height / SCREEN_SHAPE));
  };
  return COLUMNS.reduce((best, length) => (misfit(length) < misfit(best) ? length : best));
}

/**
 * Where each service stands: what uses others on the left, what is used on the right, and services that are
 * joined to nothing in columns of their own behind. The same graph always gives the same picture.
 */
export function layOut(graph: Graph): Map<string, Place> {
  const neighbours = neighboursOf(
    new Map([...graph].map(([name, needs]) => [name, needs.filter((need) => graph.has(need))])),
  );
  const joined = [...graph.keys()].filter((name) => neighbours.has(name));
  const alone = [...graph.keys()].filter((name) => !neighbours.has(name)).sort();
  const layers = untangle(layersOf(joined, graph), graph);
  const groups = alone.length === 0 ? layers : [...layers, alone];
  const longest = bestLength(groups);
  return placeColumns(groups.flatMap((group) => inColumns(group, longest)));
}
