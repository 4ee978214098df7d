import { z } from 'zod';

/** An exception of Odoo's, as far as the protocol tells it. */
export interface Fault {
  /** `odoo.exceptions.UserError`; null where the protocol lost it (XML-RPC faults 2 to 4). */
  readonly name: string | null;
  readonly message: string;
  readonly traceback: string | null;
  /** JSON-2 alone has a status that means something. */
  readonly status?: number;
  /** XML-RPC alone. */
  readonly faultCode?: number;
}

/** JSON-2's whole body, and JSON-RPC's `error.data`, are the same object (14 to 19). */
export const faultBody = z.object({ name: z.string(), message: z.string(), debug: z.string().optional() });

export function toFault(body: z.infer<typeof faultBody>, status?: number): Fault {
  return {
    name: body.name,
    message: body.message,
    traceback: body.debug ?? null,
    ...(status !== undefined && { status }),
  };
}

/** `/xmlrpc/2`: 1 carries a traceback, whose last exception is the one that counts; 2 to 4 the message alone. */
export function xmlFault(faultCode: number, faultString: string): Fault {
  if (faultCode !== 1) return { name: null, message: faultString, traceback: null, faultCode };
  return { ...lastException(faultString), traceback: faultString, faultCode };
}

const EXCEPTION_LINE = /^([A-Za-z_][\w.]*)(?:: ?([\s\S]*))?$/;

/**
 * After the frames, which are indented, Python writes `module.Class: message`, and the message may go on over further
 * lines. Built-in classes come without their module, which JSON-RPC names.
 */
function lastException(traceback: string): Pick<Fault, 'name' | 'message'> {
  const frames = traceback.lastIndexOf('Traceback (most recent call last):\n');
  if (frames === -1) return { name: null, message: traceback };
  const lines = traceback.slice(frames).split('\n');
  const at = lines.findIndex((line, i) => i > 0 && !line.startsWith(' '));
  const match = at === -1 ? null : EXCEPTION_LINE.exec(lines.slice(at).join('\n').trimEnd());
  if (match === null) return { name: null, message: '' };
  const [, name = '', message = ''] = match;
  return { name: name.includes('.') ? name : `builtins.${name}`, message };
}
