// SPDX-License-Identifier: Apache-2.0
package edge.web.rest;

import edge.web.http.Access;
import edge.web.http.Reply;
import edge.web.http.Route;
import edge.web.http.Router;
import edge.web.http.Sessions;
import edge.web.parts.Parts;
import edge.web.stream.LiveStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Every route of {@code /api/v1}. */
public final class Api {
    private Api() {
    }

    /** @param description the OpenAPI document that tells of them */
    public static Router router(Parts parts, Sessions sessions, Uploads uploads, LiveStream stream,
        byte[] description) {
        List<Route> routes = new ArrayList<>();
        Repeats repeats = new Repeats();
        routes.addAll(new AccessRoutes(parts, sessions).routes());
        routes.addAll(new GatewayRoutes(parts).routes());
        routes.addAll(new JournalRoutes(parts).routes());
        routes.addAll(new UplinkRoutes(parts, repeats).routes());
        routes.addAll(new DeviceRoutes(parts).routes());
        routes.addAll(new WriteRoutes(parts, repeats).routes());
        routes.addAll(new BundleRoutes(parts, uploads, repeats).routes());
        routes.addAll(new ProvenanceRoutes(parts).routes());
        routes.addAll(new ConfigurationRoutes(parts).routes());
        routes.addAll(new ImportRoutes(parts).routes());
        routes.add(Route.get("/stream", Access.VIEWER, stream::open));
        routes.add(Route.get("/openapi.json", Access.VIEWER, call ->
            new Reply(200, "application/openapi+json;version=3.1", description, List.of(), Optional.empty())));
        return new Router(routes);
    }
}
