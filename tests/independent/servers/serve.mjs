// Runs beside the packages of a server written for Node: serves what one folder makes on 127.0.0.1.
// Argument: the redirect address that its clients register. `server.mjs` beside it exports
// `async (base, redirect) => (request, response) => …`.
// Prints one line of JSON with the address when it accepts, and ends with its standard input.
import http from 'node:http';
import make from './server.mjs';

const server = http.createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;
server.on('request', await make(issuer, process.argv[2]));
console.log(JSON.stringify({ issuer }));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
