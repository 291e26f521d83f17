// What the primary and its workers say to each other. Sockets travel beside `connection`.
import type { ServeConfig } from '../config/config.ts';
import type { MetricSnapshot } from '../observe/metrics.ts';
import type { FirstStart } from './first-start.ts';
import type { TlsMaterial } from './tls/material.ts';

export type ListenerName = 's3' | 'console';

export type Ports = Readonly<Record<ListenerName, number>>;

export type WorkerSetup = {
  readonly config: ServeConfig;
  readonly tls: TlsMaterial | null;
  /** the ports in use, also where port 0 was asked for */
  readonly ports: Ports;
  readonly workerNumber: number;
  /** this one makes the root account when there is none */
  readonly mayBootstrap: boolean;
};

export type ToWorker =
  | { readonly kind: 'start'; readonly setup: WorkerSetup }
  | { readonly kind: 'connection'; readonly listener: ListenerName; readonly connectionId: number }
  | { readonly kind: 'tls'; readonly tls: TlsMaterial }
  | { readonly kind: 'collect'; readonly requestId: number }
  | { readonly kind: 'metrics-text'; readonly requestId: number; readonly text: string }
  | { readonly kind: 'stop' };

export type FromWorker =
  | { readonly kind: 'ready'; readonly firstStart: FirstStart | null }
  /** the connection is the worker's now, nothing was read from it before */
  | { readonly kind: 'accepted'; readonly connectionId: number }
  | { readonly kind: 'failed'; readonly message: string }
  /** sent again and again: its event loop turns */
  | { readonly kind: 'alive' }
  | { readonly kind: 'collected'; readonly requestId: number; readonly snapshot: MetricSnapshot }
  | { readonly kind: 'want-metrics'; readonly requestId: number };
