package io.cairn.acceptance.clients;

import io.cairn.acceptance.RunningCairn;
import io.minio.MinioClient;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The Java SDKs of others with their defaults, pointed at one daemon as its root key. Stateless. */
final class Sdks {
    private Sdks() {}

    static S3Client aws(RunningCairn cairn) {
        return S3Client.builder()
                .endpointOverride(cairn.s3())
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials(cairn))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .forcePathStyle(true)
                .build();
    }

    static StaticCredentialsProvider credentials(RunningCairn cairn) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(cairn.accessKey(), cairn.secretKey()));
    }

    static MinioClient minio(RunningCairn cairn) {
        return MinioClient.builder()
                .endpoint(cairn.s3().toString())
                .credentials(cairn.accessKey(), cairn.secretKey())
                .build();
    }
}
