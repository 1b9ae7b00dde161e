import { Service } from '@angular/core';

export type Shelf = 'drafts' | 'photos' | 'kept';

const SHELVES: readonly Shelf[] = ['drafts', 'photos', 'kept'];
const NAME = 'mu-tenant';
/** A browser that doesn't open its store within so many milliseconds keeps nothing: a danger can't wait for it. */
const OPENED_WITHIN = 2_000;

/**
 * What stays on the phone when the page is left: IndexedDB, photos included. Where a browser keeps nothing (a private
 * window), everything lasts as long as the page, and `lasting` says so.
 */
@Service()
export class Keep {
  private readonly memory = new Map<string, unknown>();
  private readonly database = this.open();

  async lasting(): Promise<boolean> {
    return (await this.database) !== null;
  }

  async get<Value>(shelf: Shelf, key: string): Promise<Value | undefined> {
    const found = await this.within(shelf, 'readonly', (store) => store.get(key));
    return (found === NOWHERE ? this.memory.get(`${shelf} ${key}`) : found) as Value | undefined;
  }

  async all<Value>(shelf: Shelf): Promise<Value[]> {
    const found = await this.within(shelf, 'readonly', (store) => store.getAll());
    if (found !== NOWHERE) return found as Value[];
    return [...this.memory].filter(([key]) => key.startsWith(`${shelf} `)).map(([, value]) => value as Value);
  }

  async keys(shelf: Shelf): Promise<string[]> {
    const found = await this.within(shelf, 'readonly', (store) => store.getAllKeys());
    return found === NOWHERE ? [] : (found as string[]);
  }

  async put(shelf: Shelf, key: string, value: unknown): Promise<void> {
    const done = await this.within(shelf, 'readwrite', (store) => store.put(value, key));
    if (done === NOWHERE) this.memory.set(`${shelf} ${key}`, value);
  }

  async remove(shelf: Shelf, key: string): Promise<void> {
    this.memory.delete(`${shelf} ${key}`);
    await this.within(shelf, 'readwrite', (store) => store.delete(key));
  }

  private async within(shelf: Shelf, mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
    const database = await this.database;
    if (!database) return NOWHERE;
    try {
      const transaction = database.transaction(shelf, mode);
      const request = act(transaction.objectStore(shelf));
      await finished(transaction);
      return request.result as unknown;
    } catch {
      return NOWHERE; // a full phone, or a browser that forbids it: this page still remembers
    }
  }

  private open(): Promise<IDBDatabase | null> {
    return new Promise((resolve) => {
      setTimeout(resolve, OPENED_WITHIN, null);
      try {
        const asked = indexedDB.open(NAME, 1);
        asked.onupgradeneeded = () => {
          for (const shelf of SHELVES) asked.result.createObjectStore(shelf);
        };
        asked.onsuccess = () => {
          resolve(asked.result);
        };
        asked.onerror = asked.onblocked = () => {
          resolve(null);
        };
      } catch {
        resolve(null);
      }
    });
  }
}

const NOWHERE = Symbol('not kept');

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => {
      resolve();
    };
    transaction.onerror = transaction.onabort = () => {
      reject(transaction.error ?? new Error('not kept'));
    };
  });
}
