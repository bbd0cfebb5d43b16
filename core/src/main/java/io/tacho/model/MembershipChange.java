// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

/**
 * A membership event of one node.
 *
 * @param event what happened
 * @param timeMillis when, UNIX milliseconds
 * @param seq the {@code seq} of the node's last beat
 * @param node the node's last numbers
 */
public record MembershipChange(MembershipEvent event, long timeMillis, long seq, NodeSnapshot node) {

    public MembershipChange {
        Checks.count("timeMillis", timeMillis);
        Checks.count("seq", seq);
    }
}
