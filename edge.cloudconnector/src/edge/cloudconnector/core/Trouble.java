// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.journal.JournalException;
import edge.api.uplink.UplinkException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * Why an uplink does not send.
 *
 * @param reason one sentence: what is wrong
 * @param remedy one sentence: what to do; may be empty
 * @param mustAct whether it will not heal unless somebody acts
 */
record Trouble(String reason, String remedy, boolean mustAct) {

    Trouble {
        reason = withoutPeriod(reason);
        remedy = withoutPeriod(remedy);
    }

    private static String withoutPeriod(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    static Trouble of(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
            && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof UplinkException told) {
            return new Trouble(told.reason(), told.remedy(), told.kind() == UplinkException.Kind.REFUSED);
        } else if (cause instanceof JournalException journal) {
            return new Trouble(journal.getMessage(), "", journal.kind() != JournalException.Kind.CLOSED);
        }
        String message = cause.getMessage();
        return new Trouble(cause.getClass().getSimpleName() + (message == null ? "" : ": " + message),
            "See the log of the gateway", false);
    }

    /** The same, of a target that is left alone for a while. */
    Trouble afterFailures(int failures) {
        return new Trouble(reason, (remedy.isEmpty() ? "" : remedy + ". ") + "After " + failures
            + " failures in a row the target is left alone for longer", mustAct);
    }

    /** Reason and remedy in one text. */
    String sentence() {
        return remedy.isEmpty() ? reason : reason + ". " + remedy;
    }
}
