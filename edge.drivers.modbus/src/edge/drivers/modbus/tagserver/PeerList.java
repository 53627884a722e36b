// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.tagserver;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Who may connect: addresses and networks in the notation ADDRESS/BITS. An empty list means the loopback. */
final class PeerList implements Predicate<InetAddress> {
    // Only literals: a name would be looked up.
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private final List<Network> networks = new ArrayList<>();

    private record Network(byte[] address, int bits) {

        boolean contains(byte[] peer) {
            if (peer.length != address.length) {
                return false;
            }
            for (int i = 0; i < bits; i++) {
                int mask = 0x80 >> i % 8;
                if ((peer[i / 8] & mask) != (address[i / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** @throws IllegalArgumentException if one is wrong; the message names it */
    PeerList(List<String> peers) {
        for (String peer : peers) {
            networks.add(network(peer));
        }
    }

    @Override
    public boolean test(InetAddress peer) {
        if (networks.isEmpty()) {
            return peer.isLoopbackAddress();
        }
        byte[] bytes = peer.getAddress();
        return networks.stream().anyMatch(network -> network.contains(bytes));
    }

    private static Network network(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        try {
            if (LITERAL.matcher(literal).matches()) {
                byte[] address = InetAddress.getByName(literal).getAddress();
                int bits = slash < 0 ? 8 * address.length : Integer.parseInt(text.substring(slash + 1));
                if (bits >= 0 && bits <= 8 * address.length) {
                    return new Network(address, bits);
                }
            }
        } catch (UnknownHostException | NumberFormatException e) {
            throw new IllegalArgumentException(wrong(text), e);
        }
        throw new IllegalArgumentException(wrong(text));
    }

    private static String wrong(String text) {
        return "'" + text + "' is neither an address such as 10.0.0.7 nor a network such as 10.0.0.0/24";
    }
}
