// SPDX-License-Identifier: Apache-2.0
package edge.web.server;

import org.eclipse.jetty.http.HttpFields;

/** The headers that every answer carries, whatever else it is. */
final class SecurityHeaders {

    private SecurityHeaders() {
    }

    /** @param scripts what the policy allows beside the gateway's own files; may be empty */
    static String policy(String scripts) {
        return "default-src 'self'; script-src 'self' " + scripts + "; img-src 'self' data:; object-src 'none'; "
            + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'; trusted-types lit-html";
    }

    static void put(HttpFields.Mutable headers, String policy) {
        headers.put("Content-Security-Policy", policy);
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("X-Frame-Options", "DENY");
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("Strict-Transport-Security", "max-age=31536000");
        headers.put("Cross-Origin-Opener-Policy", "same-origin");
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
        headers.put("Permissions-Policy", "camera=(), microphone=(), geolocation=(), usb=()");
    }
}
