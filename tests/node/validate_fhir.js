// Reads resources from the standard input, as a list in JSON; writes what is wrong with them, as a list of sentences.
const { Fhir } = require("fhir");

const judge = new Fhir();
const resources = JSON.parse(require("fs").readFileSync(0, "utf8"));
const faults = resources.flatMap((resource) =>
  judge
    .validate(resource, { errorOnUnexpected: true })
    .messages.filter((message) => ["error", "fatal", "warning"].includes(message.severity))
    .map((message) => `${resource.resourceType} ${resource.id ?? ""}: ${message.location}: ${message.message}`),
);
console.log(JSON.stringify(faults));
