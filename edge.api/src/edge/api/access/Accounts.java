// SPDX-License-Identifier: Apache-2.0
package edge.api.access;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * People and machines that may use this gateway.
 *
 * <p>People have passwords, kept as PBKDF2 with a stored cost. Machines have random 256-bit secrets, kept as SHA-256.
 * Neither can be read back. There is no default account: until the first administrator exists, {@link #needsSetUp()} is
 * true and nobody can sign in.
 */
@ProviderType
public interface Accounts {

    /** One account, without its secret. */
    record Account(String name, Caller.Kind kind, Role role) {
    }

    /** True until the first administrator exists. */
    boolean needsSetUp();

    /**
     * Creates the first administrator.
     *
     * @param code the one-time code printed to the log and to {@code set-up-code.txt} in the data directory; not needed
     *     when the origin is loopback
     * @return the caller, signed in
     * @throws IllegalStateException if an administrator exists already
     * @throws IllegalArgumentException if the name, the password or the code will not do; the message says why
     */
    Caller setUp(String name, char[] password, String code, String origin);

    /**
     * Checks a person's password. Costs the same whether or not the account exists. Repeated failures for an account or an
     * origin are delayed and then refused for a while.
     *
     * @return the caller, or empty; why is never told to the caller, only to the audit log
     */
    Optional<Caller> signIn(String name, char[] password, String origin);

    /** Checks a machine's secret; in constant time, cheap enough for a thousand reconnecting clients. */
    Optional<Caller> machine(String name, char[] secret, String origin);

    List<Account> list();

    /**
     * Creates a machine account or gives an existing one a new secret.
     *
     * @return the secret, shown this once
     * @throws AccessDeniedException if {@code by} is no administrator
     */
    String issueMachineSecret(String name, Role role, Caller by);

    /**
     * Creates a person's account or replaces its password and role.
     *
     * @throws AccessDeniedException if {@code by} is no administrator
     * @throws IllegalArgumentException if the name or the password will not do; the message says why
     */
    void putPerson(String name, char[] password, Role role, Caller by);

    /**
     * Removes an account. The last administrator cannot be removed.
     *
     * @return false if there was no such account
     */
    boolean remove(String name, Caller by);
}
