// SPDX-License-Identifier: Apache-2.0
package edge.runtime.command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The commands of late and their answers, so that one that arrives twice, as QoS 1 allows, is carried out once. The oldest are
 * forgotten; one that is under way is not. Safe on every thread.
 */
final class Answers {
    static final int MOST = 500;
    static final int MOST_UNDER_WAY = 50;

    /** What is known of a command. */
    enum State {
        NEW, UNDER_WAY, ANSWERED, TOO_MANY
    }

    // Empty while under way; guarded by this.
    private final Map<String, Optional<byte[]>> answers = new LinkedHashMap<>();
    private int underWay; // guarded by this

    /** Enters a command if it is new and there is room. */
    synchronized State enter(String key) {
        Optional<byte[]> known = answers.get(key);
        if (known != null) {
            return known.isPresent() ? State.ANSWERED : State.UNDER_WAY;
        } else if (underWay >= MOST_UNDER_WAY) {
            return State.TOO_MANY;
        }
        underWay++;
        answers.put(key, Optional.empty());
        return State.NEW;
    }

    synchronized void answered(String key, byte[] answer) {
        answers.remove(key);
        answers.put(key, Optional.of(answer));
        underWay--;
        while (answers.size() - underWay > MOST) {
            String oldest = answers.entrySet().stream().filter(entry -> entry.getValue().isPresent()).findFirst().orElseThrow()
                .getKey();
            answers.remove(oldest);
        }
    }

    synchronized Optional<byte[]> answer(String key) {
        return answers.getOrDefault(key, Optional.empty());
    }
}
