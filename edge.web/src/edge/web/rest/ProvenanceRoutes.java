// SPDX-License-Identifier: Apache-2.0
package edge.web.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import edge.api.trust.Provenance;
import edge.api.trust.TrustedCertificate;
import edge.api.trust.Verdict;
import edge.json.JsonWriter;
import edge.web.http.Access;
import edge.web.http.Call;
import edge.web.http.HttpProblem;
import edge.web.http.Reply;
import edge.web.http.Route;
import edge.web.parts.BundleJson;
import edge.web.parts.Parts;
import edge.web.parts.Parts.Part;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Who signed bundles, whom the gateway trusts, and what is inside. */
final class ProvenanceRoutes {
    private static final String CYCLONE_DX = "application/vnd.cyclonedx+json; version=1.6";

    private final Parts parts;

    ProvenanceRoutes(Parts parts) {
        this.parts = parts;
    }

    List<Route> routes() {
        return List.of(
            Route.get("/trust", Access.VIEWER, this::trust),
            Route.get("/bundles/{bundle}/signature", Access.VIEWER, this::signature),
            Route.get("/bundles/{bundle}/sbom", Access.VIEWER, this::bill),
            Route.get("/sbom", Access.VIEWER, this::wholeBill));
    }

    private Reply trust(Call call) throws HttpProblem {
        Provenance provenance = parts.need(Part.PROVENANCE);
        List<TrustedCertificate> certificates = provenance.certificates();
        return Reply.json(out -> {
            out.writeStartObject();
            out.writeStringField("policy", JsonWriter.lower(provenance.policy()));
            BundleJson.texts(out, "problems", provenance.problems());
            out.writeArrayFieldStart("certificates");
            for (TrustedCertificate certificate : certificates) {
                out.writeStartObject();
                out.writeStringField("subject", certificate.subject());
                out.writeStringField("issuer", certificate.issuer());
                out.writeStringField("fingerprint", certificate.fingerprint());
                out.writeStringField("use", JsonWriter.lower(certificate.use()));
                JsonWriter.time(out, "from", certificate.from());
                JsonWriter.time(out, "until", certificate.until());
                out.writeBooleanField("revoked", certificate.revoked());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    private Reply signature(Call call) throws HttpProblem, IOException {
        String name = existing(call);
        Optional<Verdict> verdict = parts.need(Part.PROVENANCE).ofDeployed(name);
        String policy = JsonWriter.lower(parts.need(Part.PROVENANCE).policy());
        return Reply.json(out -> {
            out.writeStartObject();
            out.writeStringField("policy", policy);
            if (verdict.isPresent()) {
                out.writeFieldName("signature");
                verdict(out, verdict.get());
            }
            out.writeEndObject();
        });
    }

    static void verdict(JsonGenerator out, Verdict verdict) throws IOException {
        out.writeStartObject();
        out.writeStringField("standing", JsonWriter.lower(verdict.standing()));
        out.writeStringField("sentence", verdict.sentence());
        if (!verdict.signer().isEmpty()) {
            out.writeStringField("signer", verdict.signer());
            out.writeStringField("fingerprint", verdict.fingerprint());
        }
        JsonWriter.time(out, "signedAt", verdict.signedAt());
        out.writeEndObject();
    }

    private String existing(Call call) throws HttpProblem {
        String name = call.parameter("bundle");
        if (parts.need(Part.DEPLOYER).bundles().stream().noneMatch(bundle -> bundle.symbolicName().equals(name))) {
            throw HttpProblem.notFound("There is no bundle " + name + ".");
        }
        return name;
    }

    private Reply bill(Call call) throws HttpProblem, IOException {
        String name = existing(call);
        byte[] bill = parts.need(Part.PROVENANCE).bill(name).orElseThrow(() -> HttpProblem.notFound(name
            + " does not list what is in it. The list of the whole gateway, /api/v1/sbom, has it as one part."));
        return document(bill, name);
    }

    private Reply wholeBill(Call call) throws HttpProblem {
        try {
            return document(parts.need(Part.PROVENANCE).bill(), "gateway");
        } catch (IOException e) {
            throw new HttpProblem(503, "no-sbom", "The list of parts cannot be made: " + e.getMessage() + ".");
        }
    }

    private static Reply document(byte[] bill, String name) {
        return new Reply(200, CYCLONE_DX, bill, List.of(), Optional.empty())
            .with("Content-Disposition", "attachment; filename=\"" + name.replaceAll("[^A-Za-z0-9._-]", "_") + ".cdx.json\"");
    }
}
