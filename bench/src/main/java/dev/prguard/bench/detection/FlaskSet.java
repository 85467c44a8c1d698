package dev.prguard.bench.detection;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Flask handlers in the manner of the OWASP Benchmark for Python, written anew, see [ServletSet].
final class FlaskSet {

  private record Part(String code, boolean keeps) {}

  private record Sink(String category, String cwe, String code) {}

  private static final List<String> SOURCES =
      List.of(
          "param = request.args.get('name')\n        if not param:\n            param = ''",
          "param = request.form.get('name', '')",
          "param = urllib.parse.unquote_plus(request.cookies.get('name', 'none'))",
          "values = request.form.getlist('name')\n        param = ''\n        if values:\n            param = values[0]",
          "param = request.headers.get('X-Name')\n        if not param:\n            param = ''",
          "param = ''\n        for name in request.form.keys():\n            if 'name' in request.form.getlist(name):\n                param = name\n                break",
          "query = request.query_string.decode('utf-8')\n        param = query[query.find('name=') + 5:]");

  private static final List<Part> WAYS =
      List.of(
          new Part("bar = param", true),
          new Part(
              "bar = base64.b64decode(base64.b64encode(param.encode('utf-8'))).decode('utf-8')",
              true),
          new Part(
              "conf = configparser.ConfigParser()\n        conf.add_section('s')\n        conf.set('s', 'a', 'one')\n        conf.set('s', 'b', param)\n        bar = conf.get('s', 'b')",
              true),
          new Part(
              "conf = configparser.ConfigParser()\n        conf.add_section('s')\n        conf.set('s', 'a', 'one')\n        conf.set('s', 'b', param)\n        bar = conf.get('s', 'a')",
              false),
          new Part(
              "keep = {}\n        keep['a'] = 'one'\n        keep['b'] = param\n        bar = keep['b']",
              true),
          new Part(
              "keep = {}\n        keep['a'] = 'one'\n        keep['b'] = param\n        bar = keep['b']\n        bar = keep['a']",
              false),
          new Part("num = 106\n        bar = 'always' if 7 * 18 + num > 200 else param", false),
          new Part(
              "num = 86\n        if 7 * 42 - num > 200:\n            bar = 'always'\n        else:\n            bar = param",
              false),
          new Part("bar = 'never'\n        if 'ever' in bar:\n            bar = param", true),
          new Part(
              "guess = 'ABC'[1]\n        match guess:\n            case 'A':\n                bar = param\n            case 'B':\n                bar = 'bob'\n            case 'C' | 'D':\n                bar = param\n            case _:\n                bar = 'uncle'",
              false),
          new Part(
              "guess = 'ABC'[2]\n        match guess:\n            case 'A':\n                bar = 'bob'\n            case 'C' | 'D':\n                bar = param\n            case _:\n                bar = 'uncle'",
              true),
          new Part(
              "lst = []\n        lst.append('safe')\n        lst.append(param)\n        lst.append('more')\n        lst.pop(0)\n        bar = lst[0]",
              true),
          new Part(
              "lst = []\n        lst.append('safe')\n        lst.append(param)\n        lst.append('more')\n        lst.pop(0)\n        bar = lst[1]",
              false),
          new Part("text = f'38{param}abcd'\n        bar = text[2:len(text) - 4]", true),
          new Part(
              "thing = helpers.ThingFactory.createThing()\n        bar = thing.doSomething(param)",
              true),
          new Part("bar = helped(param)", true),
          new Part("bar = lost(param)", false),
          new Part(
              "bar = 'fixed'\n        if len(param) > 3:\n            bar = bar + '!'", false));

  private static final List<Sink> SINKS =
      List.of(
          new Sink(
              "sqli",
              "CWE-89",
              "sql = f\"SELECT * FROM USERS WHERE U = '{bar}'\"\n        con = helpers.db.connect()\n        cur = con.cursor()\n        cur.execute(sql)"),
          new Sink(
              "cmdi",
              "CWE-78",
              "args = []\n        args.append('sh')\n        args.append('-c')\n        args.append(f'echo {bar}')\n        subprocess.run(args, capture_output=True)"),
          new Sink("cmdi", "CWE-78", "subprocess.run(f'echo {bar}', shell=True)"),
          new Sink("codeinj", "CWE-95", "answer = eval(bar)"),
          new Sink("codeinj", "CWE-95", "exec(bar)"),
          new Sink(
              "pathtraver",
              "CWE-22",
              "name = f'{helpers.DIR}/{bar}'\n        with open(name, 'rb') as file:\n            data = file.read()"),
          new Sink("xss", "CWE-79", "RESPONSE += bar"),
          new Sink("xss", "CWE-79", "RESPONSE += (\n            f'<p>Hello {bar}</p>'\n        )"),
          new Sink("redirect", "CWE-601", "return redirect(bar)"),
          new Sink(
              "ldapi",
              "CWE-90",
              "conn = ldap3.Connection(helpers.server)\n        conn.search('ou=users', f'(&(objectclass=person)(uid={bar}))', attributes=['cn'])"),
          new Sink(
              "xpathi",
              "CWE-643",
              "root = lxml.etree.parse('employees.xml')\n        nodes = root.xpath(f\"/E/P[@id='{bar}']\")"),
          new Sink("trustbound", "CWE-501", "flask.session['userid'] = bar"),
          new Sink("deserialization", "CWE-502", "value = yaml.load(bar, Loader=yaml.Loader)"));

  private FlaskSet() {}

  static List<LabelledCase> cases() {
    List<LabelledCase> cases = new ArrayList<>();
    int number = 0;
    for (Sink sink : SINKS) {
      for (Part way : WAYS) {
        if (sink.category().equals("deserialization") && !way.keeps()) {
          // The loader is what is wrong, whatever comes in.
          continue;
        }
        String source = SOURCES.get(number % SOURCES.size());
        cases.add(
            file(
                sink.category(),
                sink.cwe(),
                number++,
                source + "\n        " + way.code() + "\n        " + sink.code(),
                way.keeps()));
      }
    }
    Object[][] rows = {
      {"hash", "CWE-327", "digest = hashlib.new('md5')", true},
      {"hash", "CWE-327", "digest = hashlib.sha1()", true},
      {"hash", "CWE-327", "digest = hashlib.sha512()", false},
      {"hash", "CWE-327", "digest = hashlib.new('sha384')", false},
      {
        "weakrand",
        "CWE-330",
        "rememberMeKey = str(random.random())[2:]\n        flask.session['k'] = rememberMeKey",
        true
      },
      {
        "weakrand",
        "CWE-330",
        "rememberMeKey = str(random.SystemRandom().randint(0, 99))\n        flask.session['k'] = rememberMeKey",
        false
      },
      {
        "weakrand",
        "CWE-330",
        "rememberMeKey = secrets.token_hex(8)\n        flask.session['k'] = rememberMeKey",
        false
      },
      {
        "securecookie",
        "CWE-614",
        "r = make_response('x')\n        r.set_cookie('a', 'b', secure=False, httponly=True)",
        true
      },
      {
        "securecookie",
        "CWE-614",
        "r = make_response('x')\n        r.set_cookie('a', 'b', secure=True, httponly=True)",
        false
      },
      {"deserialization", "CWE-502", "value = yaml.safe_load(request.form['x'])", false},
      {
        "xxe",
        "CWE-611",
        "parser = xml.sax.make_parser()\n        parser.setFeature(xml.sax.handler.feature_external_ges, True)",
        true
      },
      {
        "xxe",
        "CWE-611",
        "parser = xml.sax.make_parser()\n        parser.setFeature(xml.sax.handler.feature_external_ges, False)",
        false
      }
    };
    for (Object[] row : rows) {
      cases.add(
          file((String) row[0], (String) row[1], number++, (String) row[2], (Boolean) row[3]));
    }
    return List.copyOf(cases);
  }

  private static LabelledCase file(
      String category, String cwe, int number, String body, boolean vulnerable) {
    String text =
        """
        import flask
        from flask import redirect, request, make_response
        import base64, configparser, hashlib, random, secrets, subprocess, urllib.parse
        import ldap3, lxml.etree, xml.sax, yaml
        import helpers


        def helped(value):
            bar = ''
            if value:
                bar = value.strip()
            return bar


        def lost(value):
            lst = ['safe', value]
            return lst[0]


        def init(app):

            @app.route('/case/%d', methods=['POST'])
            def case_post():
                RESPONSE = ''
                %s
                return RESPONSE
        """
            .formatted(number, body);
    return new LabelledCase(category, Set.of(cwe), "cases/case" + number + ".py", text, vulnerable);
  }
}
