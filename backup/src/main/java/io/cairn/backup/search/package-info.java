/**
 * OpenSearch and Elasticsearch: their own snapshots, made, watched, judged and deleted through their API, in a bucket
 * that they write to themselves. Nothing of their data passes through here. Read {@code SearchSource} first.
 */
@NullMarked
package io.cairn.backup.search;

import org.jspecify.annotations.NullMarked;
