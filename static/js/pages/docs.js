/**
 * The API's page: Swagger UI, started on our own description. Its files are served from here; nothing leaves for another host.
 */

/** @type {any} */
const { SwaggerUIBundle } = globalThis;

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
});
