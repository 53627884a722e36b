// SPDX-License-Identifier: Apache-2.0
package edge.runtime.access;

import edge.api.access.Accounts;
import edge.api.access.Caller;
import edge.api.access.Role;
import java.util.regex.Pattern;

/**
 * One account as it is kept.
 *
 * @param verifier of a person the PBKDF2 verifier of the password, of a machine the SHA-256 of its secret
 */
record StoredAccount(String name, Caller.Kind kind, Role role, String verifier) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    StoredAccount {
        requireName(name);
        boolean good = kind == Caller.Kind.PERSON ? Passwords.isVerifier(verifier) : SHA256.matcher(verifier).matches();
        if (!good || kind == Caller.Kind.SYSTEM) {
            throw new IllegalArgumentException("the account '" + name + "' has no valid "
                + (kind == Caller.Kind.PERSON ? "password hash (pbkdf2-sha256:ITERATIONS:SALT:HASH)"
                    : "secret (SHA-256, 64 hexadecimal digits in lower case)"));
        }
    }

    /** Whether an account can have this name. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    static void requireName(String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException("an account's name begins with a letter or a digit and has 1 to 64 characters"
                + " of A-Z a-z 0-9 _ . @ -");
        }
    }

    boolean isAdministrator() {
        return kind == Caller.Kind.PERSON && role == Role.ADMINISTRATOR;
    }

    Accounts.Account shown() {
        return new Accounts.Account(name, kind, role);
    }

    Caller caller(String origin) {
        return new Caller(kind, name, role, origin);
    }

    @Override
    public String toString() {
        return name;
    }
}
