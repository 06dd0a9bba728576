/**
 * Browser uploads: the {@code multipart/form-data} body of POST Object, read as it streams, and the signed policy that
 * says what may be in it. Read {@link io.cairn.wire.form.UploadForm} first. Source: "Browser-Based Uploads Using POST"
 * in the Amazon S3 API Reference.
 */
@NullMarked
package io.cairn.wire.form;

import org.jspecify.annotations.NullMarked;
