// SPDX-License-Identifier: Apache-2.0
package edge.api.uplink;

/** Why an uplink cannot be opened, or why it broke: for people, so that the console can say what to do. */
public final class UplinkException extends Exception {
    private static final long serialVersionUID = 1L;

    public enum Kind {
        /** The target is out of reach, or does not answer. It may heal by itself. */
        UNREACHABLE,
        /** The target, or this gateway, refuses: the login, a certificate, a setting. Somebody must act. */
        REFUSED
    }

    private final Kind kind;
    private final String reason;
    private final String remedy;

    /**
     * @param reason one sentence that names the target and what is wrong; never a secret
     * @param remedy one sentence: what to do
     */
    public UplinkException(Kind kind, String reason, String remedy, Throwable cause) {
        super(remedy.isEmpty() ? reason : reason + ". " + remedy, cause);
        this.kind = kind;
        this.reason = reason;
        this.remedy = remedy;
    }

    public Kind kind() {
        return kind;
    }

    public String reason() {
        return reason;
    }

    public String remedy() {
        return remedy;
    }
}
