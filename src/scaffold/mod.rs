//! New connectors: templates that run as they are, and what belongs beside a connector.

/// The name that stands in the templates for the service's.
const PLACEHOLDER: &str = "Acme";

/// One way to begin.
pub struct Template {
    pub name: &'static str,
    /// What it is for, in half a sentence.
    pub about: &'static str,
    connector: &'static str,
    tests: &'static str,
    settings: &'static str,
    /// Commands that show what it does, each with what it does; they run in the new folder, without an account.
    pub tries: &'static [(&'static str, &'static str)],
}

/// Settings of templates whose service wants a token.
const ANY_TOKEN: &str = "# The demo API takes any token.\napi_token: any\n";

/// The ways there are.
pub const TEMPLATES: &[Template] = &[
    Template {
        name: "token",
        about: "an API that takes a token: actions that read and write, a trigger that polls",
        connector: include_str!("templates/token.conn"),
        tests: include_str!("templates/token.test.yaml"),
        settings: ANY_TOKEN,
        tries: &[
            ("connrun exec action get_customer -i '{\"id\": 1234}' --sandbox", "reads a customer"),
            ("connrun exec action create_customer -i '{\"name\": \"Ada\"}' --sandbox", "writes one"),
            (
                "connrun trigger new_customer -i '{\"since\": \"2017-01-04T05:00:00Z\"}' --sandbox",
                "polls, and remembers",
            ),
        ],
    },
    Template {
        name: "oauth2",
        about: "an API with OAuth 2: a login in the browser, tokens that are renewed",
        connector: include_str!("templates/oauth2.conn"),
        tests: include_str!("templates/oauth2.test.yaml"),
        settings: "# The client and the first refresh token of the demo API; with your own client, `connrun connect` gets the tokens.\n\
                   client_id: demo\n\
                   client_secret: demo-secret\n\
                   refresh_token: demo-refresh-token\n",
        tries: &[
            (
                "connrun exec action get_profile -s settings.example.yaml --sandbox",
                "renews a token and says who it is of",
            ),
            ("connrun exec test -s settings.example.yaml --sandbox", "tests the connection"),
        ],
    },
    Template {
        name: "public",
        about: "something that needs no login: an answer in XML, a trigger for what is new in it",
        connector: include_str!("templates/public.conn"),
        tests: include_str!("templates/public.test.yaml"),
        settings: "",
        tries: &[
            ("connrun exec action list_news -i '{\"limit\": 2}' --sandbox", "reads the news"),
            ("connrun trigger new_entry --sandbox", "says what is new, once each"),
        ],
    },
    Template {
        name: "webhook",
        about: "a service that sends events: a trigger that subscribes and reads what comes",
        connector: include_str!("templates/webhook.conn"),
        tests: include_str!("templates/webhook.test.yaml"),
        settings: ANY_TOKEN,
        tries: &[
            (
                "connrun exec triggers.customer_event.webhook_subscribe -i '{\"event\": \"created\"}' --webhook-url https://example.com/hook --sandbox",
                "tells the service where events shall go",
            ),
            (
                "connrun exec triggers.customer_event.webhook_notification -w '{\"event\": \"created\", \"customer\": {\"id\": 7}}'",
                "reads a message",
            ),
        ],
    },
    Template {
        name: "graphql",
        about: "an API that speaks GraphQL: queries with variables, errors in good answers, pages by cursor",
        connector: include_str!("templates/graphql.conn"),
        tests: include_str!("templates/graphql.test.yaml"),
        settings: ANY_TOKEN,
        tries: &[
            ("connrun exec action get_customer -i '{\"id\": \"1234\"}' --sandbox", "reads a customer"),
            ("connrun exec action list_customers -i '{\"limit\": 3}' --sandbox", "reads a list, page by page"),
        ],
    },
];

/// A file of a new project.
pub struct File {
    pub name: &'static str,
    /// What it is, in half a sentence.
    pub about: &'static str,
    pub text: String,
}

impl Template {
    pub fn named(name: &str) -> Option<&'static Self> {
        TEMPLATES.iter().find(|template| template.name == name)
    }

    /// The files of a project whose connector has that title.
    pub fn files(&self, title: &str) -> Vec<File> {
        let quoted = title.replace('\\', "\\\\").replace('\'', "\\'");
        let connector = self.connector.replacen(&format!("title: '{PLACEHOLDER}'"), &format!("title: '{quoted}'"), 1);
        let mut files = vec![
            File {
                name: "connector.conn",
                about: "the connector, with comments for whoever changes it",
                text: connector,
            },
            File { name: "tests/connector.test.yaml", about: "what `connrun test` runs", text: self.tests.to_owned() },
            File { name: "README.md", about: "how to run it", text: self.readme(title) },
            File { name: ".gitignore", about: "keeps settings and keys out of git", text: IGNORED.to_owned() },
        ];
        if !self.settings.is_empty() {
            let text = format!("{SETTINGS_HEAD}{}", self.settings);
            files.insert(1, File { name: "settings.example.yaml", about: "what settings.yaml looks like", text });
        }
        files
    }

    fn readme(&self, title: &str) -> String {
        let tries: Vec<_> = self.tries.iter().map(|(command, about)| format!("# {about}\n{command}\n")).collect();
        let connect = if self.settings.is_empty() {
            ""
        } else {
            "\n## With an account\n\n`connrun connect` asks for the settings, tests the connection and writes `settings.yaml`, which never \
             belongs into version\ncontrol. After that leave `--sandbox` away.\n"
        };
        format!(
            "# {title}\n\nA connector for {}.\n\n\
             ## Try it\n\nAgainst the demo API that connrun brings along, without an account:\n\n```sh\n{}```\n{connect}\n\
             ## Change it\n\n```sh\nconnrun describe                  # what is in it\n\
             connrun check connector.conn      # every mistake in one go\n\
             connrun test                      # what is in tests/\n\
             connrun fmt connector.conn        # white space in order\n\
             connrun explain poll              # what a key, a method or a message means\n```\n",
            self.about,
            tries.join("\n"),
        )
    }
}

const SETTINGS_HEAD: &str =
    "# What `connrun connect` asks for. To fill it in by hand, copy this file to settings.yaml.\n";
const IGNORED: &str = "# Credentials, and what triggers remember.\nsettings.yaml\nmaster.key\n.connrun/\n";

/// A title made of a folder's name: `my-crm_app` is `My Crm App`.
pub fn title_of(folder: &str) -> String {
    let words = folder.split(|c: char| c == '-' || c == '_' || c.is_whitespace()).filter(|word| !word.is_empty());
    let capital = |word: &str| {
        let mut rest = word.chars();
        rest.next().map(|first| first.to_uppercase().chain(rest).collect::<String>()).unwrap_or_default()
    };
    let title = words.map(capital).collect::<Vec<_>>().join(" ");
    if title.is_empty() { "My connector".to_owned() } else { title }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles() {
        for (folder, expected) in
            [("acme", "Acme"), ("my-crm_app", "My Crm App"), ("éclair", "Éclair"), ("--", "My connector")]
        {
            assert_eq!(title_of(folder), expected);
        }
    }

    #[test]
    fn titles_are_quoted() {
        let files = TEMPLATES[0].files("Ada's \\o/");
        assert!(files[0].text.contains("title: 'Ada\\'s \\\\o/'"), "{}", files[0].text);
    }
}
