// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import java.util.List;

/** Puts JSON texts into an array without reading them. */
final class JsonArrays {

    private JsonArrays() {
    }

    static byte[] of(List<byte[]> texts) {
        byte[] array = new byte[1 + texts.stream().mapToInt(text -> text.length + 1).sum()];
        int at = 0;
        for (byte[] text : texts) {
            array[at++] = (byte) (at == 1 ? '[' : ',');
            System.arraycopy(text, 0, array, at, text.length);
            at += text.length;
        }
        array[at] = ']';
        return array;
    }
}
