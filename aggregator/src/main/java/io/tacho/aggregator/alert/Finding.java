// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import io.tacho.aggregator.view.LiveNode;

/**
 * What breaks a rule.
 *
 * @param uid the node's; empty where it is no node's
 * @param name the node's; empty where it is no node's
 */
record Finding(String uid, String name, long value, String text) {

    static Finding of(LiveNode node, long value, String text) {
        return new Finding(node.uid(), node.name(), value, node.name() + ": " + text);
    }

    static Finding ofCluster(long value, String text) {
        return new Finding("", "", value, text);
    }
}
