// SPDX-License-Identifier: Apache-2.0
package edge.runtime.computed;

/**
 * A tag that an expression refers to.
 *
 * @param device its device
 * @param tag its name
 */
record TagReference(String device, String tag) {

    @Override
    public String toString() {
        return device + "/" + tag;
    }
}
