// Makes many requests a second over a few raw connections, and knows which of them were answered.
import { connect } from 'node:net';

const kConnections = 16;
const kPipelined = 16;

/**
 * Asks for `paths` in turn, as fast as `per_second` allows, until `signal` ends it or the server goes away.
 * @param {(path: string) => void} on_sent called before a request is written
 * @param {(path: string) => void} on_answered called when its whole answer has come
 */
export function load(origin, paths, { per_second, signal, on_sent, on_answered }) {
  const { hostname, port, host } = new URL(origin);
  const since = performance.now();
  let asked = 0;
  const may_ask = () => asked < ((performance.now() - since) / 1000) * per_second;

  const one_connection = () =>
    new Promise((done) => {
      const socket = connect({ host: hostname, port: Number(port) });
      const waiting = [];
      let text = '';
      const timer = setInterval(() => {
        let burst = '';
        while (waiting.length < kPipelined && may_ask() && !signal.aborted) {
          const path = paths[asked++ % paths.length];
          on_sent(path);
          waiting.push(path);
          burst += `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: Mozilla/5.0 (Windows NT 10.0) Chrome/130.0\r\n\r\n`;
        }
        if (burst) socket.write(burst);
        if (signal.aborted && waiting.length === 0) socket.destroy();
      }, 2);
      socket.setEncoding('latin1').on('data', (piece) => {
        text += piece;
        for (let end = answer_end(text); end > 0; end = answer_end(text)) {
          text = text.slice(end);
          on_answered(waiting.shift());
        }
      });
      socket.on('error', () => {});
      socket.on('close', () => {
        clearInterval(timer);
        done();
      });
    });
  return Promise.all(Array.from({ length: kConnections }, one_connection));
}

/** Where the first whole answer in `text` ends; 0 when it is not whole yet. */
function answer_end(text) {
  const head_end = text.indexOf('\r\n\r\n');
  if (head_end < 0) return 0;
  const length = /^content-length: *(\d+)/im.exec(text.slice(0, head_end));
  const end = head_end + 4 + Number(length?.[1] ?? 0);
  return text.length >= end ? end : 0;
}
