// SPDX-License-Identifier: Apache-2.0
/**
 * The bytes of Modbus TCP: requests, answers and values, both sides. Strict: what is not exactly right is refused, never
 * guessed. Needs nothing but the typed values of the contracts; safe on every thread as far as its objects are immutable.
 *
 * <p>Sections named in the comments are those of <i>MODBUS Application Protocol Specification V1.1b3</i> and of
 * <i>MODBUS Messaging on TCP/IP Implementation Guide V1.0b</i>.
 */
package edge.drivers.modbus.codec;
