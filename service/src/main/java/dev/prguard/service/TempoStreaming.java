package dev.prguard.service;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.QueryParamsBuilder;
import com.linecorp.armeria.server.AbstractHttpService;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.prguard.service.ProtoMessage.Fields;
import dev.prguard.service.QueryPool.BadRequestException;
import dev.prguard.service.QueryPool.Failure;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;

/// Tempo's `StreamingQuerier` over gRPC, which Grafana asks when a data source's streaming is on,
/// and tempo-cli with `--use-grpc`. As in Tempo a request becomes the parameters of the HTTP API.
/// The answer is sent when it is whole: queries here take less than the pauses between Tempo's
/// parts.
final class TempoStreaming {
  private static final String SERVICE = "/tempopb.StreamingQuerier/";
  private static final int MAX_REQUEST_BYTES = 1 << 20;

  private final TempoQuestions questions;
  private final QueryPool pool;

  TempoStreaming(TempoQuestions questions, QueryPool pool) {
    this.questions = questions;
    this.pool = pool;
  }

  @FunctionalInterface
  private interface Question {
    List<byte[]> answer(Fields request);
  }

  void routes(ServerBuilder server) {
    server
        .service(
            SERVICE + "Search", call(req -> TempoMessages.search(questions.search(search(req)))))
        .service(
            SERVICE + "SearchTags", call(req -> TempoMessages.texts(questions.tagNames(tags(req)))))
        .service(
            SERVICE + "SearchTagsV2", call(req -> TempoMessages.tags(questions.tags(tags(req)))))
        .service(
            SERVICE + "SearchTagValues",
            call(req -> TempoMessages.texts(questions.tagTexts(req.text(1), values(req)))))
        .service(
            SERVICE + "SearchTagValuesV2",
            call(req -> TempoMessages.tagValues(questions.tagValues(req.text(1), values(req)))))
        .service(
            SERVICE + "MetricsQueryRange",
            call(req -> TempoMessages.range(questions.range(metrics(req)))))
        .service(
            SERVICE + "MetricsQueryInstant",
            call(req -> TempoMessages.instant(questions.instant(metrics(req)))));
  }

  private HttpService call(Question question) {
    return new AbstractHttpService() {
      @Override
      protected HttpResponse doPost(ServiceRequestContext ctx, HttpRequest req) {
        if (!Grpc.isCall(req)) {
          return HttpResponse.of(HttpStatus.UNSUPPORTED_MEDIA_TYPE);
        }
        if (!Grpc.hasKnownEncoding(req)) {
          return Grpc.unknownEncoding(req);
        }
        ctx.setMaxRequestLength(MAX_REQUEST_BYTES);
        return HttpResponse.of(
            req.aggregate()
                .thenApply(body -> fields(body.content().array()))
                .thenCompose(request -> pool.submit(ctx, () -> question.answer(request)))
                .handle((answer, failure) ->
                    failure == null ? Grpc.messages(answer) : failed(failure)));
      }
    };
  }

  private static Fields fields(byte[] body) {
    try {
      return Fields.read(Grpc.message(body, MAX_REQUEST_BYTES));
    } catch (IOException e) {
      throw new BadRequestException("not a request of Tempo's: " + e.getMessage());
    }
  }

  private HttpResponse failed(Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (cause instanceof Grpc.StatusException e) {
      return Grpc.status(e.status, String.valueOf(e.getMessage()));
    }
    if (cause instanceof com.linecorp.armeria.common.ContentTooLargeException
        || cause instanceof Inflated.TooLargeException) {
      return Grpc.status(Grpc.INVALID_ARGUMENT, "the message is larger than the limit");
    }
    Failure failure = pool.failure(cause);
    int status =
        switch (failure.status().code()) {
          case 400 -> Grpc.INVALID_ARGUMENT;
          case 429 -> Grpc.RESOURCE_EXHAUSTED;
          case 503 -> Grpc.UNAVAILABLE;
          case 504 -> Grpc.DEADLINE_EXCEEDED;
          default -> Grpc.INTERNAL;
        };
    return Grpc.status(status, failure.message());
  }

  /// The parameters of a request, one by one; what is zero or empty in protobuf is missing in them.
  private static final class Parameters {
    private final QueryParamsBuilder params = QueryParams.builder();

    Parameters text(String name, String text) {
      if (!text.isEmpty()) {
        params.add(name, text);
      }
      return this;
    }

    Parameters number(String name, long number, String unit) {
      return number == 0 ? this : text(name, Long.toUnsignedString(number) + unit);
    }

    Parameters number(String name, long number) {
      return number(name, number, "");
    }

    TempoParameters build() {
      return new TempoParameters(params.build());
    }
  }

  /// `SearchRequest`.
  private static TempoParameters search(Fields request) {
    return new Parameters()
        .text("tags", logfmt(request.all(1)))
        .number("minDuration", request.number(2), "ms")
        .number("maxDuration", request.number(3), "ms")
        .number("limit", request.number(4))
        .number("start", request.number(5))
        .number("end", request.number(6))
        .text("q", request.text(8))
        .number("spss", request.number(9))
        .build();
  }

  private static String logfmt(List<ByteString> entries) {
    StringBuilder tags = new StringBuilder();
    for (ByteString entry : entries) {
      Fields pair = fieldsOf(entry);
      tags.append(tags.isEmpty() ? "" : " ")
          .append(pair.text(1))
          .append("=\"")
          .append(pair.text(2).replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"))
          .append('"');
    }
    return tags.toString();
  }

  private static Fields fieldsOf(ByteString message) {
    try {
      return Fields.read(message.toByteArray());
    } catch (IOException e) {
      throw new BadRequestException("not a request of Tempo's: " + e.getMessage());
    }
  }

  /// `SearchTagsRequest`.
  private static TempoParameters tags(Fields request) {
    return new Parameters()
        .text("scope", request.text(1))
        .text("q", request.text(2))
        .number("start", request.number(3))
        .number("end", request.number(4))
        .number("limit", request.number(5))
        .build();
  }

  /// `SearchTagValuesRequest`, whose first field is the tag.
  private static TempoParameters values(Fields request) {
    return new Parameters()
        .text("q", request.text(2))
        .number("start", request.number(4))
        .number("end", request.number(5))
        .number("limit", request.number(6))
        .build();
  }

  /// `QueryRangeRequest` and `QueryInstantRequest`, which begin alike: times and step in ns.
  private static TempoParameters metrics(Fields request) {
    return new Parameters()
        .text("q", request.text(1))
        .number("start", request.number(2))
        .number("end", request.number(3))
        .number("step", request.number(4), "ns")
        .number("exemplars", request.number(16))
        .build();
  }
}
