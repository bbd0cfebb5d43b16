// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import io.tacho.model.WindowSlot;
import io.tacho.model.period.Tier;
import io.tacho.store.Partitions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Every key and channel of the contract. All of one node lives in one hash slot, that of its partition's {@linkplain HashTags tag}. What
 * the whole namespace shares is in the slot of partition 0.
 */
final class RedisKeyspace {

    private final Partitions partitions;
    /** By partition. */
    private final String[] tags;

    RedisKeyspace(String namespace, int partitions) {
        this(namespace, partitions, partitions);
    }

    /** Creates the key space of a reader; a previous partition with the tag of a current one is the same partition. */
    RedisKeyspace(String namespace, int partitions, int previousPartitions) {
        List<Integer> numbers = new ArrayList<>();
        Arrays.stream(HashTags.numbers(namespace, partitions)).forEach(numbers::add);
        List<Integer> previous = new ArrayList<>();
        if (previousPartitions != partitions) {
            for (int number : HashTags.numbers(namespace, previousPartitions)) {
                if (!numbers.contains(number)) {
                    numbers.add(number);
                }
                previous.add(numbers.indexOf(number));
            }
        }
        this.partitions = new Partitions(partitions, previous);
        tags = numbers.stream()
                .map(number -> "{" + namespace + ":" + number + "}")
                .toArray(String[]::new);
    }

    Partitions partitions() {
        return partitions;
    }

    int partitionOf(String uid) {
        return partitions.of(uid);
    }

    /** {@return the name of an operation on one partition in the log: if there are several, one may fail alone} */
    String operation(String name, int partition) {
        return partitions.count() == 1 ? name : name + " of partition " + partition;
    }

    /** Hash with a TTL: the node's last beat. */
    String node(String uid) {
        return node(partitionOf(uid), uid);
    }

    /** The same in a partition that may be the node's previous one. */
    String node(int partition, String uid) {
        return tag(partition) + ":node:" + uid;
    }

    /** String with a TTL: the number of the node's last uploaded window. */
    String highWaterMark(String uid) {
        return tag(partitionOf(uid)) + ":uploaded:" + uid;
    }

    /**
     * Hash with a TTL: the writer of the node's last upload, and the totals at its end. Named like a window, so that the users of
     * earlier versions have the right to it; no window has this name.
     */
    String lastUpload(String uid) {
        return tag(partitionOf(uid)) + ":window:last:" + uid;
    }

    /** Hash with a TTL: what happened in one window of the cluster, on the nodes of the partition. */
    String window(int partition, WindowSlot slot) {
        return tag(partition) + ":window:" + SlotMember.of(slot);
    }

    /** A window, and beside it strings with TTLs, HyperLogLogs: the distinct users and channels that other programs have added to it. */
    List<String> windowKeys(int partition, WindowSlot slot) {
        String window = window(partition, slot);
        return List.of(window, window + ":users", window + ":channels");
    }

    /** Sorted set: the windows that there are, scored by the time of their last change, in milliseconds of Redis' clock. */
    String windows(int partition) {
        return tag(partition) + ":windows";
    }

    /** Hash with a TTL: what happened in one hour, day or month of the cluster, on the nodes of the partition. */
    String period(int partition, Tier tier, String member) {
        return tag(partition) + ":history:" + tier.label() + ":" + member;
    }

    /** Sorted set with a TTL: the periods that there are, scored like windows. */
    String periods(int partition, Tier tier) {
        return tag(partition) + ":history:" + tier.label() + "s";
    }

    /** Sorted set: uids scored by the expiry of their hash, in milliseconds of Redis' clock. */
    String registry(int partition) {
        return tag(partition) + ":nodes";
    }

    /** Pub/sub channel: the messages of the partition's nodes. */
    String channel(int partition) {
        return tag(partition) + ":snapshots";
    }

    /** Hash with a TTL: the alerts of the namespace, in the first partition's slot. */
    String alerts() {
        return tag(0) + ":alerts";
    }

    /** String with a TTL, the alert lease: the token of the aggregator that holds it. */
    String alertsLock() {
        return alerts() + ":lock";
    }

    /** List with a TTL: the recent membership changes of the namespace, in the first partition's slot. */
    String membership() {
        return tag(0) + ":membership";
    }

    /** Hash with a TTL: the last membership change of each uid in the log. */
    String lastMembership() {
        return membership() + ":last";
    }

    /** String with a TTL: the command that waits for a node or that it has acknowledged. */
    String command(String uid) {
        return command(partitionOf(uid), uid);
    }

    /** The same in a partition that may be the node's previous one. */
    String command(int partition, String uid) {
        return tag(partition) + ":command:" + uid;
    }

    /** The hash tag of a partition. */
    String tag(int partition) {
        return tags[partition];
    }
}
