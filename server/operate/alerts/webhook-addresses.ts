import { BlockList, isIP } from "node:net";

/** Where a link-local address leads, the cloud's keys are handed out; nobody's messages are taken there. */
const never = blockList([
  ["169.254.0.0", 16],
  ["fe80::", 10],
  ["fd00:ec2::", 32],
  ["100.100.100.200", 32],
  ["0.0.0.0", 8],
  ["::", 128],
  ["224.0.0.0", 4],
  ["255.255.255.255", 32],
  ["ff00::", 8],
]);

/** This machine and the networks behind it. */
const inside = blockList([
  ["127.0.0.0", 8],
  ["::1", 128],
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["100.64.0.0", 10],
  ["192.0.0.0", 24],
  ["198.18.0.0", 15],
  ["240.0.0.0", 4],
  ["fc00::", 7],
  ["fec0::", 10],
  // These stand for IPv4 addresses, inner ones too.
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["2002::", 16],
  ["2001::", 32],
]);

function blockList(ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of ranges) list.addSubnet(net, prefix, isIP(net) === 6 ? "ipv6" : "ipv4");
  return list;
}

/** `isInside`: addresses of this machine and of private networks are fine too. */
export function mayReach(address: string, isInside: boolean): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  const type = family === 6 ? "ipv6" : "ipv4";
  return !never.check(address, type) && (isInside || !inside.check(address, type));
}
