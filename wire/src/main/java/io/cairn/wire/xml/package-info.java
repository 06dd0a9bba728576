/**
 * The XML documents of S3: requests are read into records, results are records that write themselves. Knows neither
 * buckets nor objects beyond what stands in a document. Read {@link io.cairn.wire.xml.XmlDocument} first; the records
 * follow the Amazon S3 API Reference, element by element and in its order.
 */
@NullMarked
package io.cairn.wire.xml;

import org.jspecify.annotations.NullMarked;
