// SPDX-License-Identifier: Apache-2.0
package edge.runtime.trust;

import java.security.cert.X509Certificate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;

/** Says whose certificate it is. What a certificate says is chosen by whoever made it: it is shown on one line. */
final class Names {
    private static final Pattern COMMON = Pattern.compile("(?:^|,)CN=((?:\\\\.|[^,\\\\\"+])+)");
    private static final int MOST = 120;

    private Names() {
    }

    static String of(X509Certificate certificate) {
        return of(certificate.getSubjectX500Principal());
    }

    static String issuer(X509Certificate certificate) {
        return of(certificate.getIssuerX500Principal());
    }

    static String of(X500Principal principal) {
        String whole = principal.getName(X500Principal.RFC2253);
        Matcher common = COMMON.matcher(whole);
        String name = (common.find() ? common.group(1) : whole).replace("\\", "").replaceAll("\\p{Cntrl}", "?");
        return name.length() > MOST ? name.substring(0, MOST) + "…" : name;
    }
}
