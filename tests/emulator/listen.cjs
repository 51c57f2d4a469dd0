// Loaded before the emulator: it can only listen on all of a machine's addresses, at a port that is given. Here it
// listens on the loopback alone, at a port that is free, and tells which.
const { Server } = require("node:net");

const listen = Server.prototype.listen;
Server.prototype.listen = function () {
  return listen.call(this, { host: "127.0.0.1", port: 0 }, () => console.log(`listening ${this.address().port}`));
};
