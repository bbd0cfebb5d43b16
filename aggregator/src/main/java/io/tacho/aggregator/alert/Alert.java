// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

/**
 * Something that a rule says is wrong.
 *
 * @param id of this time that it is wrong, whichever aggregator tells of it
 * @param rule the rule's name
 * @param uid the node's; empty where it is no node's
 * @param name the node's, of an aggregator that is deaf its own; empty where it is the cluster's
 * @param text what is wrong, for people
 * @param value the number that breaks the bound; 0 where there is none
 * @param sinceMillis since when, UNIX milliseconds
 * @param told whether it has been told that it is so
 * @param overMillis since when it is over, UNIX milliseconds; 0 while it is not
 * @param why why it is over; empty while it is not
 */
record Alert(
        String id,
        String rule,
        String uid,
        String name,
        String text,
        long value,
        long sinceMillis,
        boolean told,
        long overMillis,
        String why) {

    static Alert firing(String id, String rule, Finding finding, long sinceMillis) {
        return new Alert(
                id, rule, finding.uid(), finding.name(), finding.text(), finding.value(), sinceMillis, false, 0, "");
    }

    /** Of one rule and one node there is one alert at a time. */
    String key() {
        return key(rule, uid);
    }

    static String key(String rule, String uid) {
        return rule + "/" + uid;
    }

    boolean isOver() {
        return overMillis != 0;
    }

    Alert asTold() {
        return new Alert(id, rule, uid, name, text, value, sinceMillis, true, overMillis, why);
    }

    Alert over(long atMillis, String reason) {
        return new Alert(id, rule, uid, name, text, value, sinceMillis, told, atMillis, reason);
    }

    /** It was not over after all, or is so again before anybody heard that it was over. */
    Alert again() {
        return new Alert(id, rule, uid, name, text, value, sinceMillis, told, 0, "");
    }
}
