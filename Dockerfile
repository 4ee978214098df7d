# syntax=docker/dockerfile:1
# The service:       docker run --init -p 127.0.0.1:3000:3000 -v steward-state:/var/lib/odoo-steward odoo-steward
# Any other command: docker run --rm -v steward-state:/var/lib/odoo-steward odoo-steward keys create
# docs/deployment.md says more; tests/integration/package runs these steps without a container engine.

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package needs its install script to be built with, or to run.
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY config/tooling/tsconfig.build.json config/tooling/
COPY src ./src
RUN npm run build

FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM node:24-slim
# git and ssh read definitions.
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates git openssh-client && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json LICENSE ./
COPY config/*.json ./config/
COPY config/samples ./config/samples
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
RUN ln -s /app/dist/cli.js /usr/local/bin/odoo-steward && chmod 755 dist/cli.js
RUN install -d -m 700 -o 1000 -g 1000 /var/lib/odoo-steward /var/cache/odoo-steward
ENV NODE_ENV=production STEWARD_LISTEN=0.0.0.0:3000 STEWARD_STATE=/var/lib/odoo-steward STEWARD_CACHE=/var/cache/odoo-steward
VOLUME ["/var/lib/odoo-steward", "/var/cache/odoo-steward"]
EXPOSE 3000
# The user `node` of the image, as a number: clusters check that it is not root.
USER 1000:1000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.STEWARD_LISTEN.split(':').pop() + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["odoo-steward"]
CMD ["serve"]
