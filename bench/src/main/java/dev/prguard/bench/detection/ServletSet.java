package dev.prguard.bench.detection;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Servlets in the manner of the OWASP Benchmark for Java, written anew: every way in, times every
/// way on, times every way out. Half of the ways on lose the value, and look as if they did not.
final class ServletSet {

  private record Part(String code, boolean keeps) {}

  private record Sink(String category, Set<String> cwes, String code) {}

  private static final List<String> SOURCES =
      List.of(
          "String param = request.getParameter(\"name\");\n    if (param == null) param = \"\";",
          "String param = request.getHeader(\"X-Name\");\n    if (param == null) param = \"\";",
          "String param = \"\";\n    java.util.Enumeration<String> all = request.getHeaders(\"X-Name\");\n    if (all != null && all.hasMoreElements()) { param = all.nextElement(); }\n    param = java.net.URLDecoder.decode(param, \"UTF-8\");",
          "String param = \"none\";\n    javax.servlet.http.Cookie[] cookies = request.getCookies();\n    if (cookies != null) {\n      for (javax.servlet.http.Cookie each : cookies) {\n        if (each.getName().equals(\"name\")) { param = java.net.URLDecoder.decode(each.getValue(), \"UTF-8\"); break; }\n      }\n    }",
          "java.util.Map<String, String[]> map = request.getParameterMap();\n    String param = \"\";\n    if (!map.isEmpty()) { String[] values = map.get(\"name\"); if (values != null) param = values[0]; }",
          "String param = \"\";\n    java.util.Enumeration<String> names = request.getParameterNames();\n    while (names.hasMoreElements()) {\n      String name = names.nextElement();\n      for (String value : request.getParameterValues(name)) { if (value.equals(\"name\")) { param = name; } }\n    }",
          "String query = request.getQueryString();\n    int at = query.indexOf(\"name=\");\n    String param = query.substring(at + 5);\n    param = java.net.URLDecoder.decode(param, \"UTF-8\");");

  private static final List<Part> WAYS =
      List.of(
          new Part("String bar = param;", true),
          new Part(
              "String bar = \"\";\n    if (param != null) { bar = new String(org.apache.commons.codec.binary.Base64.decodeBase64(org.apache.commons.codec.binary.Base64.encodeBase64(param.getBytes()))); }",
              true),
          new Part(
              "StringBuilder text = new StringBuilder(param);\n    String bar = text.append(\"_end\").toString();",
              true),
          new Part(
              "int num = 86;\n    String bar;\n    if ((7 * 42) - num > 200) bar = \"always\"; else bar = param;",
              false),
          new Part(
              "int num = 106;\n    String bar = (7 * 18) + num > 200 ? \"always\" : param;", false),
          new Part(
              "int num = 196;\n    String bar;\n    if ((500 / 42) + num > 200) bar = param; else bar = \"never\";",
              true),
          new Part(
              "java.util.Map<String, Object> keep = new java.util.HashMap<>();\n    keep.put(\"a\", \"one\");\n    keep.put(\"b\", param);\n    keep.put(\"c\", \"two\");\n    String bar = (String) keep.get(\"b\");",
              true),
          new Part(
              "java.util.Map<String, Object> keep = new java.util.HashMap<>();\n    keep.put(\"a\", \"one\");\n    keep.put(\"b\", param);\n    String bar = (String) keep.get(\"b\");\n    bar = (String) keep.get(\"a\");",
              false),
          new Part(
              "java.util.List<String> list = new java.util.ArrayList<>();\n    list.add(\"safe\");\n    list.add(param);\n    list.add(\"more\");\n    list.remove(0);\n    String bar = list.get(0);",
              true),
          new Part(
              "java.util.List<String> list = new java.util.ArrayList<>();\n    list.add(\"safe\");\n    list.add(param);\n    list.add(\"more\");\n    list.remove(0);\n    String bar = list.get(1);",
              false),
          new Part(
              "String bar;\n    String guess = \"ABC\";\n    char which = guess.charAt(1);\n    switch (which) {\n      case 'A': bar = param; break;\n      case 'B': bar = \"bob\"; break;\n      case 'C':\n      case 'D': bar = param; break;\n      default: bar = \"uncle\"; break;\n    }",
              false),
          new Part(
              "String bar;\n    String guess = \"ABC\";\n    char which = guess.charAt(2);\n    switch (which) {\n      case 'A': bar = param; break;\n      case 'B': bar = \"bob\"; break;\n      case 'C':\n      case 'D': bar = param; break;\n      default: bar = \"uncle\"; break;\n    }",
              true),
          new Part("String bar = helped(request, param);", true),
          new Part("String bar = new Inner().work(request, param);", true),
          new Part("String bar = new Inner().lose(request, param);", false),
          new Part(
              "org.owasp.benchmark.helpers.ThingInterface thing = org.owasp.benchmark.helpers.ThingFactory.createThing();\n    String bar = thing.doSomething(param);",
              true),
          new Part(
              "String bar = \"fixed\";\n    if (param.length() > 3) { bar = bar.concat(\"!\"); }",
              false),
          new Part(
              "String a = param;\n    StringBuilder b = new StringBuilder(a);\n    b.append(\" more\");\n    b.replace(b.length() - 2, b.length(), \"x\");\n    java.util.Map<String, Object> m = new java.util.HashMap<>();\n    m.put(\"k\", b.toString());\n    String c = (String) m.get(\"k\");\n    String bar = c.substring(0, c.length() - 1);",
              true),
          new Part("Object[] kept = {param, \"b\"};\n    String bar = (String) kept[1];", false));

  private static final List<Sink> SINKS =
      List.of(
          new Sink(
              "sqli",
              Set.of("CWE-89"),
              "String sql = \"SELECT * FROM USERS WHERE U='\" + bar + \"'\";\n    java.sql.Statement statement = org.owasp.benchmark.helpers.DatabaseHelper.getSqlStatement();\n    statement.executeQuery(sql);"),
          new Sink(
              "sqli",
              Set.of("CWE-89"),
              "String sql = \"{call \" + bar + \"}\";\n    java.sql.Connection connection = org.owasp.benchmark.helpers.DatabaseHelper.getSqlConnection();\n    java.sql.CallableStatement statement = connection.prepareCall(sql);\n    statement.executeQuery();"),
          new Sink(
              "sqli",
              Set.of("CWE-89"),
              "String sql = \"SELECT * FROM USERS WHERE U='\" + bar + \"'\";\n    org.owasp.benchmark.helpers.DatabaseHelper.JDBCtemplate.queryForList(sql);"),
          new Sink(
              "cmdi",
              Set.of("CWE-78"),
              "java.util.List<String> args = new java.util.ArrayList<>();\n    args.add(\"sh\");\n    args.add(\"-c\");\n    args.add(\"echo \" + bar);\n    ProcessBuilder builder = new ProcessBuilder(args);\n    builder.start();"),
          new Sink(
              "cmdi",
              Set.of("CWE-78"),
              "String a1 = \"\";\n    String a2 = \"\";\n    String os = System.getProperty(\"os.name\");\n    if (os.indexOf(\"Windows\") != -1) { a1 = \"cmd.exe\"; a2 = \"/c\"; } else { a1 = \"sh\"; a2 = \"-c\"; }\n    String[] args = {a1, a2, \"echo \" + bar};\n    Runtime.getRuntime().exec(args);"),
          new Sink(
              "pathtraver",
              Set.of("CWE-22"),
              "java.io.File file = new java.io.File(org.owasp.benchmark.helpers.Utils.TESTFILES_DIR, bar);\n    file.exists();"),
          new Sink(
              "pathtraver",
              Set.of("CWE-22"),
              "java.io.FileInputStream in = new java.io.FileInputStream(java.nio.file.Paths.get(\"/data/\" + bar).toFile());\n    in.read();"),
          new Sink(
              "xss",
              Set.of("CWE-79"),
              "response.setContentType(\"text/html\");\n    Object[] parts = {\"a\", bar};\n    response.getWriter().format(\"Hi: %1$s %2$s.\", parts);"),
          new Sink(
              "xss",
              Set.of("CWE-79"),
              "java.io.PrintWriter out = response.getWriter();\n    out.println(\"<p>\" + bar);"),
          new Sink(
              "ldapi",
              Set.of("CWE-90"),
              "javax.naming.directory.DirContext ctx = helper.getDirContext();\n    String filter = \"(&(objectclass=person)(uid=\" + bar + \"))\";\n    ctx.search(\"ou=users\", filter, new javax.naming.directory.SearchControls());"),
          new Sink(
              "xpathi",
              Set.of("CWE-643"),
              "javax.xml.xpath.XPath xp = javax.xml.xpath.XPathFactory.newInstance().newXPath();\n    String expression = \"/Employees/Employee[@emplid='\" + bar + \"']\";\n    String result = xp.evaluate(expression, document);"),
          new Sink(
              "trustbound",
              Set.of("CWE-501"),
              "request.getSession().setAttribute(\"userid\", bar);"),
          new Sink(
              "trustbound",
              Set.of("CWE-501"),
              "javax.servlet.http.HttpSession session = request.getSession();\n    session.putValue(bar, \"10340\");"));

  private ServletSet() {}

  static List<LabelledCase> cases() {
    List<LabelledCase> cases = new ArrayList<>();
    int number = 0;
    for (Sink sink : SINKS) {
      for (Part way : WAYS) {
        String source = SOURCES.get(number % SOURCES.size());
        cases.add(
            file(
                sink.category(),
                sink.cwes(),
                number++,
                source + "\n    " + way.code() + "\n    " + sink.code(),
                way.keeps()));
      }
    }
    return List.copyOf(plain(cases, number));
  }

  private static List<LabelledCase> plain(List<LabelledCase> cases, int start) {
    int number = start;
    Object[][] rows = {
      {
        "crypto",
        "CWE-327",
        "javax.crypto.Cipher c = javax.crypto.Cipher.getInstance(\"DES/CBC/PKCS5Padding\");",
        true
      },
      {
        "crypto",
        "CWE-327",
        "javax.crypto.Cipher c = javax.crypto.Cipher.getInstance(\"AES/GCM/NoPadding\");",
        false
      },
      {
        "crypto",
        "CWE-327",
        "String name = \"DESede/ECB/PKCS5Padding\";\n    javax.crypto.Cipher c = javax.crypto.Cipher.getInstance(name, \"SunJCE\");",
        true
      },
      {
        "crypto",
        "CWE-327",
        "java.util.Properties p = new java.util.Properties();\n    String name = p.getProperty(\"alg\", \"AES/CCM/NoPadding\");\n    javax.crypto.Cipher c = javax.crypto.Cipher.getInstance(name);",
        false
      },
      {
        "hash",
        "CWE-327",
        "java.security.MessageDigest d = java.security.MessageDigest.getInstance(\"MD5\");",
        true
      },
      {
        "hash",
        "CWE-327",
        "java.security.MessageDigest d = java.security.MessageDigest.getInstance(\"SHA1\", \"SUN\");",
        true
      },
      {
        "hash",
        "CWE-327",
        "java.security.MessageDigest d = java.security.MessageDigest.getInstance(\"SHA-256\");",
        false
      },
      {
        "weakrand",
        "CWE-330",
        "float r = new java.util.Random().nextFloat();\n    String rememberMeKey = Float.toString(r).substring(2);\n    response.addCookie(cookie(\"rememberMe\", rememberMeKey));",
        true
      },
      {
        "weakrand",
        "CWE-330",
        "double r = Math.random();\n    String rememberMeKey = Double.toString(r).substring(2);\n    request.getSession().setAttribute(\"k\", rememberMeKey);",
        true
      },
      {
        "weakrand",
        "CWE-330",
        "int r = java.security.SecureRandom.getInstance(\"SHA1PRNG\").nextInt(99);\n    String rememberMeKey = Integer.toString(r);\n    request.getSession().setAttribute(\"k\", rememberMeKey);",
        false
      },
      {
        "securecookie",
        "CWE-614",
        "javax.servlet.http.Cookie c = new javax.servlet.http.Cookie(\"a\", \"b\");\n    c.setSecure(false);\n    c.setHttpOnly(true);\n    response.addCookie(c);",
        true
      },
      {
        "securecookie",
        "CWE-614",
        "javax.servlet.http.Cookie c = new javax.servlet.http.Cookie(\"a\", \"b\");\n    c.setSecure(true);\n    c.setHttpOnly(true);\n    response.addCookie(c);",
        false
      }
    };
    for (Object[] row : rows) {
      cases.add(
          file(
              (String) row[0],
              Set.of((String) row[1]),
              number++,
              (String) row[2],
              (Boolean) row[3]));
    }
    return cases;
  }

  private static LabelledCase file(
      String category, Set<String> cwes, int number, String body, boolean vulnerable) {
    String text =
        """
        package cases;

        import java.io.IOException;
        import javax.servlet.ServletException;
        import javax.servlet.http.HttpServlet;
        import javax.servlet.http.HttpServletRequest;
        import javax.servlet.http.HttpServletResponse;

        public class Case%d extends HttpServlet {
          @Override
          public void doPost(HttpServletRequest request, HttpServletResponse response)
              throws ServletException, IOException {
            %s
          }

          private static String helped(HttpServletRequest request, String param) {
            String bar = "";
            if (param != null) {
              bar = param.trim();
            }
            return bar;
          }

          private class Inner {
            public String work(HttpServletRequest request, String param) {
              return param;
            }

            public String lose(HttpServletRequest request, String param) {
              java.util.List<String> list = new java.util.ArrayList<>();
              list.add("safe");
              list.add(param);
              return list.get(0);
            }
          }
        }
        """
            .formatted(number, body.replace("\n", "\n    "));
    return new LabelledCase(
        category, cwes, "src/main/java/cases/Case" + number + ".java", text, vulnerable);
  }
}
