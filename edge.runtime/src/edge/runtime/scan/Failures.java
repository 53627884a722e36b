// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What somebody else's failure was. */
final class Failures {

    private Failures() {
    }

    /** The failure itself, without what stages wrap around it. */
    static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** The failure in a few words. */
    static String text(Throwable failure) {
        Throwable cause = cause(failure);
        String message = cause.getMessage();
        return message == null || message.isBlank() ? cause.getClass().getName() : message;
    }
}
