import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Node, Pair, Scalar, YAMLMap } from 'yaml';
import { controlCharacter, describeCharacter } from './characters.js';
import { limits } from './limits.js';

export type Path = readonly (string | number)[];

/** Offsets of a value and of its key (of the value itself, for a list's item), and the spots of what is in the value. */
export interface Spot {
  readonly key: number;
  readonly value: number;
  readonly inside: ReadonlyMap<string | number, Spot> | null;
}

interface OpenSpot extends Spot {
  inside: Map<string | number, OpenSpot> | null;
}

export interface DataReport {
  error(code: string, message: string, offset: number): void;
  /** `line 3`, for messages that name a second place. */
  show(offset: number): string;
}

/** Nodes as plain data, places noted; everything is refused that could mean two things, or costs much to follow. */
export function yamlToData(
  root: YAMLMap<Node, Node | null>,
  report: DataReport,
): { data: Record<string, unknown>; spot: Spot } {
  const start = root.range?.[0] ?? 0;
  const spot: OpenSpot = { key: start, value: start, inside: null };
  return { data: new Walk(report).mapping(root, spot, 0), spot };
}

/** Sets a key, whatever it is called: `__proto__` stays a key, too. */
export function setKey(data: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(data, key, { value, enumerable: true, configurable: true, writable: true });
  else data[key] = value;
}

class Walk {
  private readonly anchors = new Map<string, Node>();
  private aliases = 0;
  private values = 0;
  private stopped = false;

  constructor(private readonly report: DataReport) {}

  mapping(node: YAMLMap<Node, Node | null>, spot: OpenSpot, depth: number): Record<string, unknown> {
    const data: Record<string, unknown> = {};
    const inside = (spot.inside = new Map<string | number, OpenSpot>());
    for (const pair of node.items) {
      const start = pair.key.range?.[0] ?? spot.value;
      const key = this.key(pair, start, inside);
      if (key === null) continue;
      const child = pair.value ?? null;
      const at: OpenSpot = { key: start, value: child?.range?.[0] ?? start, inside: null };
      inside.set(key, at);
      setKey(data, key, this.visit(child, at, depth + 1));
    }
    return data;
  }

  private key(pair: Pair<Node, Node | null>, start: number, before: ReadonlyMap<string | number, Spot>): string | null {
    const key = keyText(pair.key);
    if (key === null) return this.refuse('yaml_unsafe', 'A key has to be plain text: write `key: value`', start);
    if (key === '<<')
      return this.refuse('yaml_unsafe', 'Merge keys (`<<`) are not supported: write the keys out', start);
    const bad = controlCharacter(key, '');
    if (bad !== null)
      return this.refuse('control_character', `This key holds ${describeCharacter(bad.code)}: take it out`, start);
    const same = before.get(key);
    if (same === undefined) return key;
    return this.refuse(
      'yaml_duplicate_key',
      `\`${key}\` is already written at ${this.report.show(same.key)}: keep one of the two`,
      start,
    );
  }

  private visit(node: Node | null, spot: OpenSpot, depth: number): unknown {
    const start = spot.value;
    this.values += 1;
    if (this.stopped) return null;
    if (this.values > limits.values)
      return this.stop(`This file holds more than ${limits.values} values: split it`, start);
    if (depth > limits.depth) return this.stop(`This is nested more than ${limits.depth} deep: flatten it`, start);
    if (node === null) return null;
    if (isAlias(node)) return this.alias(node.source, spot, depth);
    if (!isScalar(node) && !isMap(node) && !isSeq(node))
      return this.stop('Write text, a number, a list or a mapping here', start);
    if (node.anchor !== undefined) this.anchors.set(node.anchor, node);
    if (node.tag !== undefined)
      return this.refuse('yaml_unsafe', `The tag \`${node.tag}\` is not supported: write the plain value`, start);
    if (isScalar(node)) return this.scalar(node, start);
    if (isMap<Node, Node | null>(node)) return this.mapping(node, spot, depth);
    const inside = (spot.inside = new Map<string | number, OpenSpot>());
    return (node.items as readonly (Node | null)[]).map((item, index) => {
      const itemStart = item?.range?.[0] ?? start;
      const at: OpenSpot = { key: itemStart, value: itemStart, inside: null };
      inside.set(index, at);
      return this.visit(item, at, depth + 1);
    });
  }

  private alias(name: string, spot: OpenSpot, depth: number): unknown {
    const start = spot.value;
    this.aliases += 1;
    if (this.aliases > limits.aliases)
      return this.stop(`More than ${limits.aliases} aliases are used here: write the values out`, start);
    const target = this.anchors.get(name);
    if (target !== undefined) return this.visit(target, spot, depth);
    return this.refuse(
      'yaml_syntax',
      `\`*${name}\` has no anchor \`&${name}\` above it: put the text in quotes if it is no alias`,
      start,
    );
  }

  private scalar(node: Scalar, start: number): unknown {
    const { value } = node;
    if (typeof value === 'string') {
      const bad = controlCharacter(value, '\n\t');
      if (bad === null) return value;
      return this.refuse(
        'control_character',
        `This text holds ${describeCharacter(bad.code)}, which Odoo cannot store: take it out`,
        start,
      );
    }
    if (
      typeof value === 'number' &&
      (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
    ) {
      return this.refuse(
        'wrong_value',
        `\`${node.source ?? value}\` cannot be kept exactly as a number: put it in quotes`,
        start,
      );
    }
    return value;
  }

  private refuse(code: string, message: string, offset: number): null {
    this.report.error(code, message, offset);
    return null;
  }

  /** Refuses, once, and ends the walk: what costs too much must not be followed further. */
  private stop(message: string, offset: number): null {
    this.stopped = true;
    return this.refuse('yaml_unsafe', message, offset);
  }
}

function keyText(key: Node): string | null {
  if (!isScalar(key) || key.anchor !== undefined || key.tag !== undefined) return null;
  // `1:` and `null:` are keys as they are written.
  return typeof key.value === 'string' ? key.value : (key.source ?? null);
}
