import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Node, Pair, Scalar, YAMLMap } from 'yaml';
import { controlCharacter, describeCharacter } from './characters.js';
import { limits } from './limits.js';

export type Path = readonly (string | number)[];

/** Offsets of a value and of its key (of the value itself, for a list's item). */
export interface Spot {
  readonly key: number;
  readonly value: number;
}

export const spotKey = (path: Path): string => path.join('.');

export interface DataReport {
  error(code: string, message: string, offset: number): void;
  /** `line 3`, for messages that name a second place. */
  show(offset: number): string;
}

/** Nodes as plain data, places noted; everything is refused that could mean two things, or costs much to follow. */
export function yamlToData(
  root: YAMLMap<Node, Node | null>,
  report: DataReport,
): { data: Record<string, unknown>; spots: Map<string, Spot> } {
  const walk = new Walk(report);
  return { data: walk.mapping(root, [], root.range?.[0] ?? 0), spots: walk.spots };
}

class Walk {
  readonly spots = new Map<string, Spot>();
  private readonly anchors = new Map<string, Node>();
  private aliases = 0;
  private values = 0;
  private stopped = false;

  constructor(private readonly report: DataReport) {}

  mapping(node: YAMLMap<Node, Node | null>, path: Path, start: number): Record<string, unknown> {
    const data: Record<string, unknown> = {};
    const seen = new Map<string, number>();
    for (const pair of node.items) {
      const keyStart = pair.key.range?.[0] ?? start;
      const key = this.key(pair, keyStart, seen);
      if (key === null) continue;
      seen.set(key, keyStart);
      const at = [...path, key];
      const child = pair.value ?? null;
      const valueStart = child?.range?.[0] ?? keyStart;
      this.spots.set(spotKey(at), { key: keyStart, value: valueStart });
      const value = this.visit(child, at, valueStart);
      // defineProperty: `__proto__` as a key has to stay a key.
      Object.defineProperty(data, key, { value, enumerable: true, configurable: true, writable: true });
    }
    return data;
  }

  private key(pair: Pair<Node, Node | null>, start: number, seen: ReadonlyMap<string, number>): string | null {
    const key = keyText(pair.key);
    if (key === null) return this.refuse('yaml_unsafe', 'A key has to be plain text: write `key: value`', start);
    if (key === '<<')
      return this.refuse('yaml_unsafe', 'Merge keys (`<<`) are not supported: write the keys out', start);
    const bad = controlCharacter(key, '');
    if (bad !== null)
      return this.refuse('control_character', `This key holds ${describeCharacter(bad.code)}: take it out`, start);
    const before = seen.get(key);
    if (before === undefined) return key;
    return this.refuse(
      'yaml_duplicate_key',
      `\`${key}\` is already written at ${this.report.show(before)}: keep one of the two`,
      start,
    );
  }

  private visit(node: Node | null, path: Path, start: number): unknown {
    this.values += 1;
    if (this.stopped) return null;
    if (this.values > limits.values)
      return this.stop(`This file holds more than ${limits.values} values: split it`, start);
    if (path.length > limits.depth)
      return this.stop(`This is nested more than ${limits.depth} deep: flatten it`, start);
    if (node === null) return null;
    if (isAlias(node)) return this.alias(node.source, path, start);
    if (!isScalar(node) && !isMap(node) && !isSeq(node))
      return this.stop('Write text, a number, a list or a mapping here', start);
    if (node.anchor !== undefined) this.anchors.set(node.anchor, node);
    if (node.tag !== undefined)
      return this.refuse('yaml_unsafe', `The tag \`${node.tag}\` is not supported: write the plain value`, start);
    if (isScalar(node)) return this.scalar(node, start);
    if (isMap<Node, Node | null>(node)) return this.mapping(node, path, start);
    return (node.items as readonly (Node | null)[]).map((item, index) => {
      const at = [...path, index];
      const itemStart = item?.range?.[0] ?? start;
      this.spots.set(spotKey(at), { key: itemStart, value: itemStart });
      return this.visit(item, at, itemStart);
    });
  }

  private alias(name: string, path: Path, start: number): unknown {
    this.aliases += 1;
    if (this.aliases > limits.aliases)
      return this.stop(`More than ${limits.aliases} aliases are used here: write the values out`, start);
    const target = this.anchors.get(name);
    if (target !== undefined) return this.visit(target, path, start);
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
