// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.tagserver;

import edge.api.config.ConfigurationCheck;
import edge.api.config.Problem;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** Refuses a server that anybody could read, and one whose map is wrong, before it is put in force. */
@Component(property = "edge.check.pid=" + TagServerConfig.PID)
public final class TagServerCheck implements ConfigurationCheck {

    @Override
    public List<Problem> check(String name, String text) {
        List<Problem> problems = new ArrayList<>();
        try {
            Json.Obj root = JsonParser.parse(text).asObject();
            List<Json> peers = root.has("peers") ? root.get("peers").asArray() : List.of();
            for (Json peer : peers) {
                checkPeer(peer, problems);
            }
            boolean encrypted = !root.text("keyStore", "").isEmpty();
            if (encrypted == root.text("caFile", "").isEmpty()) {
                problems.add(problem(root.get(encrypted ? "keyStore" : "caFile").place().problem("keyStore and caFile belong together:"
                    + " the server's certificate, and where those of its clients come from")));
            }
            if (root.has("host") && peers.isEmpty() && !encrypted && !isLoopback(root.text("host"))) {
                problems.add(problem(root.get("host").place().problem("is not a loopback address, and Modbus TCP knows no login:"
                    + " name the clients that may connect in \"peers\", or use TLS (keyStore and caFile)")));
            }
            problems.addAll(new TagMap(root).problems());
        } catch (JsonException e) {
            problems.add(problem(e));
        }
        return problems;
    }

    private static void checkPeer(Json peer, List<Problem> problems) throws JsonException {
        try {
            new PeerList(List.of(peer.asText()));
        } catch (IllegalArgumentException e) {
            problems.add(problem(peer.place().problem(e.getMessage())));
        }
    }

    /** Only literals are: what a name means can change. */
    static boolean isLoopback(String host) {
        try {
            return host.equals("localhost") || host.matches("127(\\.[0-9]{1,3}){3}|::1") && InetAddress.getByName(host).isLoopbackAddress();
        } catch (java.net.UnknownHostException e) {
            return false;
        }
    }

    private static Problem problem(JsonException e) {
        return new Problem(e.line(), e.column(), e.path(), e.getMessage());
    }
}
