// SPDX-License-Identifier: Apache-2.0
package edge.web.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class ConnectionGuardTest {

    private static String source(String address) throws Exception {
        return ConnectionGuard.source(InetAddress.getByName(address));
    }

    @Test
    void the_addresses_of_one_ipv6_network_are_one_source_and_each_ipv4_address_is_its_own() throws Exception {
        assertThat(source("2001:db8:0:7::1")).isEqualTo(source("2001:db8:0:7:ffff::2")).isNotEqualTo(source("2001:db8:0:8::1"));
        assertThat(source("10.0.0.1")).isEqualTo(source("::ffff:10.0.0.1")).isNotEqualTo(source("10.0.0.2"));
    }
}
