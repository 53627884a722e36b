// SPDX-License-Identifier: Apache-2.0
package edge.web.rest;

import edge.api.health.LogBook;
import edge.web.http.Access;
import edge.web.http.Call;
import edge.web.http.HttpProblem;
import edge.web.http.Reply;
import edge.web.http.Route;
import edge.web.parts.BrokerJson;
import edge.web.parts.GatewayJson;
import edge.web.parts.Parts;
import edge.web.parts.Parts.Part;
import java.util.List;
import java.util.Locale;

/** The gateway, its health, events, log and broker. */
final class GatewayRoutes {
    private final Parts parts;

    GatewayRoutes(Parts parts) {
        this.parts = parts;
    }

    List<Route> routes() {
        return List.of(
            Route.get("/gateway", Access.VIEWER, call -> Reply.json(out -> GatewayJson.gateway(out, parts))),
            Route.get("/health", Access.VIEWER, call -> health()),
            Route.get("/events", Access.VIEWER, call -> Items.reply(
                parts.need(Part.EVENTS).recent(call.query("limit", 50, 1, 1000)), GatewayJson::event)),
            Route.get("/log", Access.VIEWER, this::log),
            Route.get("/broker", Access.VIEWER, call -> broker()),
            Route.get("/broker/figures", Access.VIEWER, call -> brokerFigures()),
            Route.post("/broker/clients/{client}/disconnect", Access.OPERATOR, Route.Body.NONE, this::disconnect));
    }

    private Reply health() throws HttpProblem {
        var all = parts.need(Part.HEALTH).parts();
        return Reply.json(out -> GatewayJson.health(out, all));
    }

    private Reply broker() throws HttpProblem {
        var status = parts.need(Part.BROKER).status();
        return Reply.json(out -> GatewayJson.broker(out, status));
    }

    private Reply disconnect(Call call) throws HttpProblem {
        String client = call.parameter("client");
        if (!parts.need(Part.BROKER).disconnect(client, call.caller())) {
            throw HttpProblem.notFound("No MQTT client " + client + " is connected.");
        }
        return Reply.done();
    }

    private Reply brokerFigures() throws HttpProblem {
        var figures = parts.need(Part.BROKER).figures();
        return Reply.json(out -> BrokerJson.figures(out, figures));
    }

    private Reply log(Call call) throws HttpProblem {
        LogBook.Level level = level(call.query("level").orElse("info"));
        long after = call.query("after", 0, 0, Integer.MAX_VALUE);
        return Items.reply(parts.need(Part.LOG).lines(after, level, call.query("limit", 500, 1, 5000)),
            GatewayJson::line);
    }

    static LogBook.Level level(String name) throws HttpProblem {
        for (LogBook.Level level : LogBook.Level.values()) {
            if (level.name().toLowerCase(Locale.ROOT).equals(name)) {
                return level;
            }
        }
        throw HttpProblem.badRequest("'level' must be one of debug, info, warn, error.");
    }
}
