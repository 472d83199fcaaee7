import { type BaseNotificationChannel, InMemoryNotificationChannel } from 'agenda';

type Notification = Parameters<BaseNotificationChannel['publish']>[0];

/**
 * Agenda's notifications within one process. A burst of them leads to one queue fill at a time and at most one more behind it, instead of fills that
 * pile up and fight over one document; and `kick` fills the queue as soon as a job has ended, so that a small lock limit throttles nothing. Jobs of
 * other processes are found by polling.
 */
export class CoalescingChannel extends InMemoryNotificationChannel {
  readonly #filling = new Map<string, { again: boolean }>();
  #idleWaiters: (() => void)[] = [];

  /** Asks for a fill of the queue of one kind of job. */
  kick(jobName: string): void {
    const now = new Date();
    const notification = { jobId: '', jobName, nextRunAt: now, priority: 0, timestamp: now, source: 'kick' };
    void this.notifyHandlers(notification as unknown as Notification);
  }

  /** Returns before the fill is done, so that whoever saves a job does not wait for it. */
  override async publish(notification: Notification): Promise<void> {
    if (this.state === 'connected') void this.notifyHandlers(notification);
  }

  protected override async notifyHandlers(notification: Notification): Promise<void> {
    const { jobName } = notification;
    const filling = this.#filling.get(jobName);
    if (filling) {
      filling.again = true;
      return;
    }
    const fill = { again: false };
    this.#filling.set(jobName, fill);
    try {
      do {
        fill.again = false;
        await super.notifyHandlers(notification);
      } while (fill.again && this.state === 'connected');
    } finally {
      this.#filling.delete(jobName);
      if (this.#filling.size === 0) for (const resolve of this.#idleWaiters.splice(0)) resolve();
    }
  }

  /** Resolves when no fill is under way. */
  idle(): Promise<void> {
    if (this.#filling.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idleWaiters.push(resolve));
  }
}
