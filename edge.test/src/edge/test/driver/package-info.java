// SPDX-License-Identifier: Apache-2.0
/** Code that is packed into bundles while tests run. It is not on the class path of any gateway. */
package edge.test.driver;
