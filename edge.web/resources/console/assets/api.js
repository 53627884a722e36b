// SPDX-License-Identifier: Apache-2.0
import {t} from './texts.js';

const ROOT = '/api/v1';

/** What the gateway answered instead of doing it: a sentence to show, and places in the text that was sent. */
export class ApiError extends Error {
  constructor(status, detail, problems = [], type = '') {
    super(detail);
    this.status = status;
    this.problems = problems;
    this.type = type;
  }
}

let whenSignedOut = () => {};

export const api = {
  /** Called whenever the gateway says that nobody is signed in. */
  onSignedOut(listener) {
    whenSignedOut = listener;
  },

  get(path) {
    return this.call('GET', path);
  },

  post(path, json) {
    return this.call('POST', path, json === undefined ? {} : {json});
  },

  put(path, json) {
    return this.call('PUT', path, {json});
  },

  delete(path, headers) {
    return this.call('DELETE', path, {headers});
  },

  /** A call; resolves to {body, etag}, fails with an ApiError. */
  async exchange(method, path, {json, text, headers} = {}) {
    const body = json === undefined ? text : JSON.stringify(json);
    let response;
    try {
      response = await fetch(ROOT + path, {
        method,
        body,
        cache: 'no-store',
        headers: {
          ...(method === 'GET' ? {} : {'X-Edge-Request': '1'}),
          ...(body === undefined ? {} : {'Content-Type': 'application/json'}),
          ...headers,
        },
      });
    } catch {
      throw new ApiError(0, method === 'GET' ? t.unreachable : t.unreachableChange);
    }
    const answer = response.status === 204 ? undefined : await response.json().catch(() => undefined);
    if (!response.ok) {
      if (response.status === 401 && answer?.type?.endsWith(':not-signed-in')) {
        whenSignedOut();
      }
      throw new ApiError(response.status, answer?.detail ?? t.unexpected(response.status), answer?.problems,
        answer?.type ?? '');
    }
    return {body: answer, etag: response.headers.get('ETag')};
  },

  async call(method, path, options) {
    return (await this.exchange(method, path, options)).body;
  },

  /** Sends a file; tells how far it got. */
  upload(path, file, onProgress) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open('POST', ROOT + path);
      request.responseType = 'json';
      request.setRequestHeader('X-Edge-Request', '1');
      request.setRequestHeader('Content-Type', 'application/octet-stream');
      request.upload.addEventListener('progress', (event) => onProgress(event.loaded / event.total));
      request.addEventListener('load', () => request.status < 300 ? resolve(request.response)
        : reject(new ApiError(request.status, request.response?.detail ?? t.unexpected(request.status))));
      request.addEventListener('error', () => reject(new ApiError(0, t.uploadBroken)));
      request.send(file);
    });
  },
};

/** A segment of a path. */
export const segment = encodeURIComponent;
