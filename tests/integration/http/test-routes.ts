import { z } from 'zod';
import { route } from '../../../src/http/index.js';
import type { EventSink } from '../../../src/http/replies/event-stream.js';
import { versionTag } from '../../../src/http/replies/preconditions.js';

/** What the routes below were seen to do. */
export const sinks: EventSink[] = [];
export const closed: string[] = [];
export const aborted: string[] = [];

/** Routes that show what the skeleton does for every route. */
export const testRoutes = [
  route({
    method: 'get',
    path: '/test/things/{instance}',
    operationId: 'testThing',
    tag: 'Test',
    summary: 'JSON or Markdown, with a version',
    scope: 'read',
    responses: { 200: { description: 'It', schema: z.object({ name: z.string() }), types: ['text/markdown'] } },
    handler: ({ accepts, params }) =>
      accepts === 'text/markdown'
        ? { status: 200, type: 'text/markdown', text: `# ${params.instance}`, etag: versionTag(3) }
        : { status: 200, body: { name: params.instance }, etag: versionTag(3) },
  }),
  route({
    method: 'get',
    path: '/test/events',
    operationId: 'testEvents',
    tag: 'Test',
    summary: 'Events',
    scope: 'public',
    responses: { 200: { description: 'Events', types: ['text/event-stream'] } },
    handler: () => ({
      status: 200,
      events: (sink) => {
        sinks.push(sink);
        sink.send({ id: 7, type: 'hello', data: { last: sink.lastEventId } });
        return () => void closed.push('closed');
      },
    }),
  }),
  route({
    method: 'post',
    path: '/test/raw',
    operationId: 'testRaw',
    tag: 'Test',
    summary: 'Bytes, as they came',
    scope: 'signature',
    request: { body: 'raw' },
    responses: { 200: { description: 'How many', schema: z.object({ bytes: z.int() }) } },
    handler: ({ rawBody }) => ({ status: 200, body: { bytes: rawBody.length } }),
  }),
  route({
    method: 'get',
    path: '/test/defect',
    operationId: 'testDefect',
    tag: 'Test',
    summary: 'Fails',
    scope: 'public',
    responses: { 204: { description: 'Never' } },
    handler: () => {
      throw new Error('the password is hunter2');
    },
  }),
  route({
    method: 'get',
    path: '/test/slow',
    operationId: 'testSlow',
    tag: 'Test',
    summary: 'Waits until the client goes away',
    scope: 'public',
    responses: { 204: { description: 'Never' } },
    handler: ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted.push('slow');
          reject(new Error('given up'));
        });
      }),
  }),
];
