package dev.prguard.telemetry;

import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// For an HttpClient of plain http addresses. It would else make the default context, which reads
/// all authorities of the JDK: five times the price of the rest of it, in every process.
final class NoTls extends SSLContext {
  @SuppressWarnings("NullAway") // stored, and only given back by getProvider()
  NoTls() {
    super(new Spi(), null, "none");
  }

  private static final class Spi extends SSLContextSpi {
    @Override
    protected void engineInit(
        KeyManager @Nullable [] keys,
        TrustManager @Nullable [] trust,
        @Nullable SecureRandom random) {
      throw unsupported();
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
      return new SSLParameters();
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
      return new SSLParameters();
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      throw unsupported();
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      throw unsupported();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      throw unsupported();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      throw unsupported();
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
      throw unsupported();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
      throw unsupported();
    }

    private static UnsupportedOperationException unsupported() {
      return new UnsupportedOperationException("plain http only");
    }
  }
}
